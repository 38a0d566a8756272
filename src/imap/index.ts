/** IMAP (RFC 3501, RFC 9051): mail where it is kept. */
export * from './defaults.ts';
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
