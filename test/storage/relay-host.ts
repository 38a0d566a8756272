/** What the writer of mail and its judge both know. */
import { DnsError } from '../../src/dns/index.ts';
import type { Folder, MailStore } from '../../src/mail/index.ts';
import type { Relay, RelayLookup } from '../../src/relay/index.ts';

export const DOMAIN = 'here.test';
export const ELSEWHERE = 'elsewhere.test';

const fail = async (): Promise<never> => {
  throw new DnsError('DNS_TIMEOUT', 'nobody answers');
};
/** All mail for elsewhere stays in the queue. */
export const NOWHERE: RelayLookup = { mx: fail, addresses: fail };

/** The numbers of the letters in the mailbox, in its order. */
export function delivered(store: MailStore): number[] {
  const account = store.open('bob');
  const entries = account.entries(account.folder('INBOX') as Folder);
  return entries.map(({ content }) =>
    Number(account.summary(content).facts.messageId?.split('@')[0]),
  );
}

export function queued(relay: Relay): number[] {
  return relay.list().map(({ messageId }) => Number(messageId?.split('@')[0]));
}

export function lastNumber(store: MailStore, relay: Relay): number {
  return Math.max(0, ...delivered(store), ...queued(relay));
}
