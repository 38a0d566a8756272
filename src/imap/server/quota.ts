/** GETQUOTA, GETQUOTAROOT, SETQUOTA (RFC 9208 §4.1): one root for all of an account, named ''. */
import { no, ok, type Reply } from '../reply.ts';
import type { ImapSession } from '../session.ts';
import type { Of } from '../types.ts';

const NO_ROOT: Reply = no('There is no such quota root', 'NONEXISTENT');

export function getQuota(session: ImapSession, { root }: Of<'GETQUOTA'>): Reply {
  if (root !== '') return NO_ROOT;
  tellQuota(session);
  return ok('GETQUOTA completed');
}

export function getQuotaRoot(session: ImapSession, { mailbox }: Of<'GETQUOTAROOT'>): Reply {
  const { account, out } = session;
  const folder = account.folder(mailbox);
  if (!folder) return no('There is no such mailbox', 'NONEXISTENT');
  out.say(`* QUOTAROOT ${session.name(folder.path)} ""\r\n`);
  tellQuota(session);
  return ok('GETQUOTAROOT completed');
}

/** In units of 1,024 octets (§5.1). Without a limit there is no resource to tell of. */
function tellQuota({ account, out }: ImapSession): void {
  const { used, limit } = account.quota();
  const resource =
    limit === undefined ? '' : `STORAGE ${Math.ceil(used / 1024)} ${Math.floor(limit / 1024)}`;
  out.say(`* QUOTA "" (${resource})\r\n`);
}

/** Who has a quota does not set it. */
export function setQuota(): Reply {
  return no('Quotas are set by who runs the server', 'NOPERM');
}
