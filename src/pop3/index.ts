/** POP3 (RFC 1939): mail fetched from a maildrop. */
export { Pop3Client } from './client.ts';
export type { Observe } from './client-channel.ts';
export type * from './client-types.ts';
export * from './defaults.ts';
export { pop3Dissector } from './dissect.ts';
export { Pop3Error, Pop3ReplyError } from './errors.ts';
export { type Pop3ServerOptions, servePop3 } from './server.ts';
export type { Pop3Account, Pop3Store } from './store.ts';
export type * from './types.ts';
