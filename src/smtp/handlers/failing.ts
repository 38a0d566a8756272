/** Failures on purpose, for those who want to see what their program makes of them. */
import { fraction, type Host, type Random, sleep } from '../../net/index.ts';
import type { MailBackend, Mailbox, Outcome } from '../types.ts';
import { mailboxText } from '../wire/mailbox.ts';
import { guarded } from './guarded.ts';

export type FailingStage = 'CONNECT' | 'MAIL' | 'RCPT' | 'DATA';

export interface Failing {
  readonly stage: FailingStage;
  /** The code of the reply; 0 answers nothing for ten minutes. */
  readonly code: number;
  /** How often, 0 to 1. */
  readonly share: number;
  /** Only where the address (of the sender at MAIL, of the recipient at RCPT) has this in it. */
  readonly address?: string;
}

/** RFC 3463: what is not said better. */
function outcomeOf(code: number): Outcome {
  const kind = Math.floor(code / 100);
  return { code, enhanced: `${kind}.0.0`, text: 'This failure is made on purpose' };
}

/** Longer than clients wait for any reply but the last (RFC 5321 §4.5.3.2). */
const STALL_MS: number = 8 * 60_000;

/** Fails what the rules say; all else is the backend's. */
export function failing(
  host: Pick<Host, 'clock' | 'random'>,
  rules: readonly Failing[],
  backend: MailBackend,
): MailBackend {
  const random = host.random.fork('failing');
  const failure = (
    stage: FailingStage,
    address: string,
  ): Outcome | Promise<Outcome> | undefined => {
    const rule = rules.find((one) => one.stage === stage && applies(one, address, random));
    if (!rule) return undefined;
    if (rule.code !== 0) return outcomeOf(rule.code);
    return sleep(host.clock, STALL_MS).then(() => outcomeOf(421));
  };
  const inner = guarded(backend, (session) => ({
    ...session,
    from: (path, options) => failure('MAIL', mailboxText(path)) ?? session.from(path, options),
    to: (path: Mailbox, options) => failure('RCPT', mailboxText(path)) ?? session.to(path, options),
    async data(body) {
      const failed = failure('DATA', '');
      if (!failed) return session.data(body);
      body.cancel();
      return failed;
    },
  }));
  return { open: (peer) => failure('CONNECT', '') ?? inner.open(peer) };
}

function applies({ share, address }: Failing, tried: string, random: Random): boolean {
  if (address !== undefined && !tried.toLowerCase().includes(address.toLowerCase())) return false;
  return fraction(random) < share;
}
