/** No open relay (RFC 5321 §7.9): mail for elsewhere is taken from those who have signed in. */
import type { MailBackend, Mailbox, MailSession, Outcome, Peer } from '../types.ts';
import { guarded } from './guarded.ts';

export interface RelayGuardOptions {
  /** The domains whose mail is ours, in any case of letters; literals too. `*` is all of them. */
  readonly domains: readonly string[];
  /** Whom else to relay for; default: who has signed in. */
  readonly trusts?: (peer: Peer) => boolean;
}

const REFUSED: Outcome = { code: 550, enhanced: '5.7.1', text: 'Relaying is not for you' };

/** Only recipients of these domains get through to `backend`, and postmaster (RFC 5321 §4.5.1). */
export function relayGuard(options: RelayGuardOptions, backend: MailBackend): MailBackend {
  const { trusts = (peer: Peer) => peer.user !== undefined } = options;
  const ours = new Set(options.domains.map((domain) => domain.toLowerCase()));
  const isOurs = ({ domain }: Mailbox): boolean =>
    domain === '' || ours.has('*') || ours.has(domain.toLowerCase());
  return guarded(backend, (session: MailSession, peer) => ({
    ...session,
    to: (path, parameters) =>
      isOurs(path) || trusts(peer) ? session.to(path, parameters) : REFUSED,
  }));
}
