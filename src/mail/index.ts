/** The mailbox store: accounts, folders, messages, safe under POP3, IMAP and JMAP at once. */
export * from './defaults.ts';
export { MailError, type MailErrorCode } from './errors.ts';
export { toCrLf, toLf } from './formats/line-ends.ts';
export { MaildirWriter, readMaildir } from './formats/maildir.ts';
export { mboxEntry, readMbox } from './formats/mbox.ts';
export type { FileMessage, FolderMessage } from './formats/stored-message.ts';
export {
  exportMessages,
  type ImportOptions,
  type ImportProgress,
  importMessages,
} from './formats/transfer.ts';
export { flagsText, parseFlags, SYSTEM_FLAGS } from './store/flags.ts';
export { type By, MailAccount, type MessageChanges, type QuotaUse } from './store/mail-account.ts';
export { type Delivery, MailStore } from './store/mail-store.ts';
export { memoryMailTables } from './store/memory-tables.ts';
export type * from './store/tables.ts';
export type { DeliverOptions, MailTransaction } from './store/transaction.ts';
export { baseSubject, isReply } from './summary/base-subject.ts';
export { quotedString } from './summary/imap-text.ts';
export { type SearchTexts, searchTexts } from './summary/search-texts.ts';
export { summarise } from './summary/summarise.ts';
export type * from './types.ts';
