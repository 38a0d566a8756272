/** So many sessions and messages a minute for each client; more are asked to come later. */
import type { Host } from '../../net/index.ts';
import { guarded, type MailBackend, type Outcome } from '../../smtp/index.ts';
import { RATE_CLIENTS_LIMIT } from '../defaults.ts';

export interface RateLimitOptions {
  /** Sessions a minute and address. */
  readonly sessions?: number;
  /** Messages a minute and address. */
  readonly messages?: number;
}

const SESSIONS: Outcome = { code: 421, enhanced: '4.7.1', text: 'Too many sessions; come later' };
const MESSAGES: Outcome = { code: 450, enhanced: '4.7.1', text: 'Too many messages; come later' };

const MINUTE = 60_000;

/** Each may come in a burst of a whole minute's; then at that pace. */
export function rateLimit(
  { clock }: Pick<Host, 'clock'>,
  { sessions = Number.POSITIVE_INFINITY, messages = Number.POSITIVE_INFINITY }: RateLimitOptions,
  backend: MailBackend,
): MailBackend {
  const [opened, sent] = [new Buckets(sessions), new Buckets(messages)];
  const inner = guarded(backend, (session, { remote }) => ({
    ...session,
    from: (path, options) =>
      sent.take(remote.address, clock.now()) ? session.from(path, options) : MESSAGES,
  }));
  return {
    open: (peer) => (opened.take(peer.remote.address, clock.now()) ? inner.open(peer) : SESSIONS),
  };
}

/** A token bucket for each client; a full one is the same as none. */
class Buckets {
  private readonly perMinute: number;
  private readonly levels = new Map<string, { tokens: number; at: number }>();

  constructor(perMinute: number) {
    this.perMinute = perMinute;
  }

  take(key: string, now: number): boolean {
    if (this.perMinute === Number.POSITIVE_INFINITY) return true;
    const { tokens, at } = this.levels.get(key) ?? { tokens: this.perMinute, at: now };
    const level = Math.min(this.perMinute, tokens + ((now - at) * this.perMinute) / MINUTE);
    const isFree = level >= 1;
    this.levels.delete(key);
    this.levels.set(key, { tokens: isFree ? level - 1 : level, at: now });
    if (this.levels.size > RATE_CLIENTS_LIMIT) this.forgetOldest();
    return isFree;
  }

  private forgetOldest(): void {
    for (const oldest of this.levels.keys()) {
      this.levels.delete(oldest);
      return;
    }
  }
}
