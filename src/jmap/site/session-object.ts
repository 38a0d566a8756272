/** The session object (RFC 8620 §2): who somebody is here, and what can be done. */
import type { Request } from '../../http/index.ts';
import { RollingHash } from '../../lib/hash.ts';
import type { Account } from '../../mail/index.ts';
import {
  ATTACHMENTS_BYTES,
  type JmapLimits,
  MAILBOX_DEPTH,
  MAILBOX_NAME_BYTES,
} from '../defaults.ts';
import { makeId } from '../machine/ids.ts';
import { EMAIL_SORTS } from '../machine/sorting.ts';
import { CORE, MAIL, SUBMISSION } from '../methods/table.ts';
import type { JsonObject } from '../types.ts';

export const CAPABILITIES: readonly string[] = [CORE, MAIL, SUBMISSION];

export function sessionObject(account: Account, request: Request, limits: JmapLimits): JsonObject {
  const id = makeId('A', account.id);
  const base = `${new URL(request.url).origin}/jmap`;
  return {
    capabilities: {
      [CORE]: { ...limits, collationAlgorithms: ['i;unicode-casemap'] },
      [MAIL]: {},
      [SUBMISSION]: {},
    },
    accounts: {
      [id]: {
        name: account.addresses[0] ?? account.name,
        isPersonal: true,
        isReadOnly: false,
        accountCapabilities: accountCapabilities(),
      },
    },
    primaryAccounts: { [MAIL]: id, [SUBMISSION]: id },
    username: account.name,
    apiUrl: `${base}/api`,
    downloadUrl: `${base}/download/{accountId}/{blobId}/{name}?accept={type}`,
    uploadUrl: `${base}/upload/{accountId}/`,
    eventSourceUrl: `${base}/eventsource/?types={types}&closeafter={closeafter}&ping={ping}`,
    state: sessionState(account),
  };
}

/** RFC 8621 §1.3. */
function accountCapabilities(): JsonObject {
  return {
    [CORE]: {},
    [MAIL]: {
      maxMailboxesPerEmail: 1,
      maxMailboxDepth: MAILBOX_DEPTH,
      maxSizeMailboxName: MAILBOX_NAME_BYTES,
      maxSizeAttachmentsPerEmail: ATTACHMENTS_BYTES,
      emailQuerySortOptions: EMAIL_SORTS,
      mayCreateTopLevelMailbox: true,
    },
    [SUBMISSION]: { maxDelayedSend: 0, submissionExtensions: {} },
  };
}

/** Another one when anything of the object would be. */
export function sessionState({ id, name, addresses, title }: Account): string {
  const hash = new RollingHash();
  hash.text(JSON.stringify([id, name, addresses, title]));
  return hash.digest();
}
