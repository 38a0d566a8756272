/** The types of other rooms that this one speaks in; its pure parts take them from here. */
export type { Account, Staged, Staging } from '../mail/index.ts';
export type { SaslCredentials } from '../sasl/index.ts';
export type {
  Mailbox,
  MailOptions,
  Notify,
  Outcome,
  RecipientOptions,
  Reply,
  ReversePath,
  Security,
} from '../smtp/index.ts';
