/** SASL (RFC 4422): PLAIN, LOGIN, CRAM-MD5, SCRAM-SHA-256, as SMTP, POP3 and IMAP carry them. */

export { sameSecret } from '../auth/index.ts';
export { apopDigest } from './apop.ts';
export * from './defaults.ts';
export {
  bestMechanism,
  isPlaintext,
  MECHANISMS,
  offered,
  saslClient,
  saslServer,
  saslUsers,
} from './exchange.ts';
export { prepare } from './prepare.ts';
export type * from './types.ts';
