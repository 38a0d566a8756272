/** Failures on purpose, for those who want to see what their program makes of them. */
import { fraction, type Host, sleep } from '../../net/index.ts';
import type { MailBackend, MailSession, Outcome } from '../types.ts';
import { mailboxText } from '../wire/mailbox.ts';
import { guarded } from './guarded.ts';

export type FailingStage = 'CONNECT' | 'MAIL' | 'RCPT' | 'DATA';

export interface Failing {
  readonly stage: FailingStage;
  /** The code of the reply; 0 answers nothing for longer than clients wait. Without it only `delayMs` is waited. */
  readonly code?: number;
  /** RFC 3463; default: the class of the code. */
  readonly enhanced?: string;
  readonly text?: string;
  /** How often, 0 to 1. Default: always. */
  readonly share?: number;
  /** Only where the address has this in it: of the sender at MAIL, of the recipient at RCPT, of either at DATA. */
  readonly address?: string;
  /** Waits before the answer. */
  readonly delayMs?: number;
  /** The connection breaks instead of an answer. */
  readonly drop?: true;
  /** 451 until this long after the first try for an address (RFC 6647). */
  readonly greylistMs?: number;
  /** Only so many times. */
  readonly times?: number;
}

/** A rule with what came of it. */
export interface FailureRule {
  readonly id: number;
  readonly failing: Failing;
  /** How often it was applied. */
  readonly hits: number;
}

interface Active {
  readonly id: number;
  readonly failing: Failing;
  hits: number;
  /** When an address came first. */
  readonly first: Map<string, number>;
}

/** RFC 6647 §2: addresses that a rule remembers, so that a flood fills no memory. */
const REMEMBERED = 10_000;

/** Longer than clients wait for any reply but the last (RFC 5321 §4.5.3.2). */
const STALL_MS: number = 8 * 60_000;

/** Rules that can come and go while a server runs. The first that applies decides. */
export class FailureRules {
  private rules: Active[] = [];
  private last = 0;

  constructor(rules: readonly Failing[] = []) {
    for (const rule of rules) this.add(rule);
  }

  list(): readonly FailureRule[] {
    return this.rules.map(({ id, failing, hits }) => ({ id, failing, hits }));
  }

  add(failing: Failing): FailureRule {
    const rule: Active = { id: ++this.last, failing, hits: 0, first: new Map() };
    this.rules.push(rule);
    return { id: rule.id, failing, hits: 0 };
  }

  /** False where there is none of this id. */
  remove(id: number): boolean {
    const before = this.rules.length;
    this.rules = this.rules.filter((rule) => rule.id !== id);
    return this.rules.length < before;
  }

  clear(): void {
    this.rules = [];
  }

  /** What a rule says of this moment; `luck` is 0 to 1. */
  apply(
    stage: FailingStage,
    addresses: readonly string[],
    now: number,
    luck: () => number,
  ): Failing | undefined {
    for (const rule of this.rules) {
      if (rule.failing.stage !== stage || !applies(rule, addresses, now, luck)) continue;
      rule.hits++;
      return rule.failing;
    }
    return undefined;
  }
}

function applies(
  { failing, hits, first }: Active,
  addresses: readonly string[],
  now: number,
  luck: () => number,
): boolean {
  const { address, times, share = 1, greylistMs } = failing;
  if (times !== undefined && hits >= times) return false;
  const wanted = address?.toLowerCase();
  const meant = addresses.map((one) => one.toLowerCase());
  const found = wanted === undefined ? meant : meant.filter((one) => one.includes(wanted));
  if (wanted !== undefined && found.length === 0) return false;
  if (greylistMs !== undefined) return isEarly(first, found.join(' '), now, greylistMs);
  return luck() < share;
}

function isEarly(first: Map<string, number>, key: string, now: number, ms: number): boolean {
  const came = first.get(key) ?? now;
  if (first.size >= REMEMBERED) first.clear();
  first.set(key, came);
  return now - came < ms;
}

/** Fails what the rules say; all else is the backend's. */
export function failing(
  { clock, random }: Pick<Host, 'clock' | 'random'>,
  rules: readonly Failing[] | FailureRules,
  backend: MailBackend,
): MailBackend {
  const active = rules instanceof FailureRules ? rules : new FailureRules(rules);
  const own = random.fork('failing');
  const obey = async <T>(rule: Failing, otherwise: () => T | Promise<T>): Promise<T | Outcome> => {
    if (rule.delayMs !== undefined) await sleep(clock, rule.delayMs);
    if (rule.code === 0) await sleep(clock, STALL_MS);
    return outcomeOf(rule) ?? otherwise();
  };
  const judge = <T>(
    stage: FailingStage,
    addresses: readonly string[],
    otherwise: () => T | Promise<T>,
  ): T | Outcome | Promise<T | Outcome> => {
    const rule = active.apply(stage, addresses, clock.now(), () => fraction(own));
    return rule ? obey(rule, otherwise) : otherwise();
  };
  const inner = guarded(backend, (session) => {
    let people: string[] = [];
    const changed: MailSession = {
      ...session,
      from(path, options) {
        people = [mailboxText(path)];
        return judge('MAIL', people, () => session.from(path, options));
      },
      to(path, options) {
        const address = mailboxText(path);
        people.push(address);
        return judge('RCPT', [address], () => session.to(path, options));
      },
      async data(body) {
        try {
          return await judge('DATA', people, () => session.data(body));
        } finally {
          body.cancel();
        }
      },
    };
    return changed;
  });
  return { open: (peer) => judge('CONNECT', [], () => inner.open(peer)) };
}

/** Undefined: the rule only waits. */
function outcomeOf({ code, enhanced, text, drop, greylistMs }: Failing): Outcome | undefined {
  const said = text ?? 'This failure is made on purpose';
  if (drop) return { code: 421, text: said, drop };
  if (greylistMs !== undefined) {
    const seconds = Math.ceil(greylistMs / 1000);
    return { code: 451, enhanced: '4.7.1', text: text ?? `Greylisted: come again in ${seconds} s` };
  }
  if (code === undefined) return undefined;
  const shown = code === 0 ? 421 : code;
  return { code: shown, enhanced: enhanced ?? `${Math.floor(shown / 100)}.0.0`, text: said };
}
