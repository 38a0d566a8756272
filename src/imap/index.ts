/** IMAP (RFC 3501, RFC 9051): mail where it is kept. */

export type { NewMessage, Placed } from './client/append.ts';
export type { Copied } from './client/copy.ts';
export type { FetchOptions, FetchWish } from './client/fetch.ts';
export type { ListedWithStatus, ListOptions } from './client/list.ts';
export type { Messages } from './client/numbers.ts';
export type { SearchOptions, SearchQuery, SortBy } from './client/search.ts';
export type { Stored, StoreOptions } from './client/store.ts';
export type * from './client/types.ts';
export { ImapClient } from './client.ts';
export * from './defaults.ts';
export { imapDissector } from './dissect.ts';
export { ImapError, ImapReplyError } from './errors.ts';
export { type ImapServerOptions, serveImap } from './server.ts';
export type * from './types.ts';
export type { BodyDisposition, BodyPart } from './wire/body-structure.ts';
export type { Envelope, EnvelopeAddress } from './wire/envelope.ts';
export type { FetchedMessage } from './wire/fetch-response.ts';
export type {
  ListedMailbox,
  MailboxStatus,
  NamespaceEntry,
  QuotaResource,
  Response,
  SearchResult,
  StatusResponse,
  ThreadNode,
} from './wire/response.ts';
export { setText } from './wire/sequence-set.ts';
