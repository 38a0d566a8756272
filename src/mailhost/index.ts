/** A whole mail host: mailboxes, relay and queue, SMTP, POP3, IMAP and the webmail, and an API for tests. */
export { mailApi } from './api/api.ts';
export type * from './api/types.ts';
export { accountView } from './api/views.ts';
export * from './defaults.ts';
export { findMessages, type WaitOptions, waitForMessage } from './finder.ts';
export { type DoorPlace, MailHost } from './mail-host.ts';
export type * from './types.ts';
