/** Greylisting (RFC 6647): who comes for the first time is asked to come again, which only real relays do. */
import type { Host } from '../../net/index.ts';
import { guarded, type MailBackend, mailboxText, type Outcome } from '../../smtp/index.ts';
import { GREYLIST_DELAY_MS, GREYLIST_KEEP_MS, GREYLIST_LIMIT } from '../defaults.ts';

export interface GreylistOptions {
  /** How long it takes until the same mail is welcome. */
  readonly delayMs?: number;
}

/** Who has signed in is not asked. What is known lives as long as the process. */
export function greylist(
  { clock }: Pick<Host, 'clock'>,
  { delayMs = GREYLIST_DELAY_MS }: GreylistOptions,
  backend: MailBackend,
): MailBackend {
  /** When a triple came first; and last, if it was welcome. */
  const seen = new Map<string, { readonly first: number; readonly last: number }>();
  const isWelcome = (key: string): boolean => {
    const now = clock.now();
    const known = seen.get(key);
    const isOld = known === undefined || now - known.last > GREYLIST_KEEP_MS;
    const first = isOld ? now : known.first;
    seen.delete(key);
    seen.set(key, { first, last: now });
    if (seen.size > GREYLIST_LIMIT) forgetOldest(seen);
    return now - first >= delayMs;
  };
  return guarded(backend, (session, peer) => {
    let sender = '';
    return {
      ...session,
      from: (path, options) => {
        sender = mailboxText(path);
        return session.from(path, options);
      },
      to: (path, options) => {
        const key = [network(peer.remote.address), sender, mailboxText(path)]
          .join('\n')
          .toLowerCase();
        const isFree = peer.user !== undefined || isWelcome(key);
        return isFree ? session.to(path, options) : later(delayMs);
      },
    };
  });
}

/** Farms of relays send from neighbouring addresses (RFC 6647). */
function network(address: string): string {
  return address.includes(':') ? address : address.slice(0, address.lastIndexOf('.'));
}

function later(ms: number): Outcome {
  const text = `Greylisted: come again in ${Math.ceil(ms / 1000)} seconds`;
  return { code: 451, enhanced: '4.7.1', text };
}

function forgetOldest(seen: Map<string, unknown>): void {
  for (const oldest of seen.keys()) {
    seen.delete(oldest);
    return;
  }
}
