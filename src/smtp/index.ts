/** SMTP (RFC 5321): mail from host to host, sent and received. */
export { DotReader, DotWriter, withCrLf } from '../lib/dot.ts';
export { SmtpClient } from './client.ts';
export type { Observe } from './client-channel.ts';
export type * from './client-types.ts';
export * from './defaults.ts';
export { smtpDissector } from './dissect.ts';
export { SmtpError, SmtpReplyError } from './errors.ts';
export { collecting, type ReceivedMessage, type Recipient } from './handlers/collecting.ts';
export {
  type Failing,
  type FailingStage,
  type FailureRule,
  FailureRules,
  failing,
} from './handlers/failing.ts';
export { guarded } from './handlers/guarded.ts';
export { type RelayGuardOptions, relayGuard } from './handlers/relay-guard.ts';
export type { Extensions } from './machine/extensions.ts';
export { type SmtpServerOptions, serveSmtp } from './server.ts';
export {
  mailDate,
  protocolOf,
  type ReceivedInfo,
  receivedLine,
  returnPathLine,
} from './trace-lines.ts';
export type * from './types.ts';
export { addressLiteral, isAddressLiteral, isDomain } from './wire/domain.ts';
export { mailboxText, parseMailbox, parsePath, pathText } from './wire/mailbox.ts';
export { enhancedOf } from './wire/reply.ts';
