/** Slowness on purpose, for those who want to see what their program makes of it. */
import { type Clock, sleep } from '../../net/index.ts';
import { type FailingStage, guarded, type MailBackend, mailboxText } from '../../smtp/index.ts';

export interface Delaying {
  readonly stage: FailingStage;
  readonly ms: number;
  /** Only where the address (of the sender at MAIL, of the recipient at RCPT) has this in it. */
  readonly address?: string;
}

/** Answers what the rules say so much later; all else is as the backend has it. */
export function delaying(
  { clock }: { readonly clock: Clock },
  rules: readonly Delaying[],
  backend: MailBackend,
): MailBackend {
  const wait = async (stage: FailingStage, address: string): Promise<void> => {
    const rule = rules.find((one) => one.stage === stage && applies(one, address));
    if (rule) await sleep(clock, rule.ms);
  };
  const inner = guarded(backend, (session) => ({
    ...session,
    from: async (path, options) => {
      await wait('MAIL', mailboxText(path));
      return session.from(path, options);
    },
    to: async (path, options) => {
      await wait('RCPT', mailboxText(path));
      return session.to(path, options);
    },
    data: async (body) => {
      const outcome = await session.data(body);
      await wait('DATA', '');
      return outcome;
    },
  }));
  return {
    open: async (peer) => {
      await wait('CONNECT', '');
      return inner.open(peer);
    },
  };
}

function applies({ address }: Delaying, tried: string): boolean {
  return address === undefined || tried.toLowerCase().includes(address.toLowerCase());
}
