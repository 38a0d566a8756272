/** IMAP (RFC 3501, RFC 9051): mail where it is kept. */
export * from './defaults.ts';
export { ImapError, ImapReplyError } from './errors.ts';
export type * from './types.ts';
