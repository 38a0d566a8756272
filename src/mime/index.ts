/** Messages: read with patience, written strictly (RFC 5322, 2045 to 2049). */
export { buildMessage } from './build/build-message.ts';
export type {
  AddressesInit,
  AttachmentDraft,
  BuildOptions,
  MessageDraft,
  PartDraft,
} from './build/draft.ts';
export * from './defaults.ts';
export type { DefectCode, MimeErrorCode, Report } from './errors.ts';
export { MimeParser } from './machine/parser.ts';
export type { MimeSink, ParserLimits } from './machine/sink.ts';
export { fileName, type Message, parseMessage, partOf, typeLine } from './message.ts';
export { reencode7bit } from './reencode.ts';
export {
  NO_RESOURCES,
  type Resources,
  type ShowOptions,
  safeHtml,
  showPolicy,
} from './show/safe-html.ts';
export { type SavedObject, type SavedPage, savePage } from './show/save-page.ts';
export { idOf, locationOf, showMessage } from './show/show-message.ts';
export type * from './types.ts';
export { addressText, formatAddress, mailboxes, parseAddresses } from './wire/address.ts';
export { encodeBase64 } from './wire/base64.ts';
export { charsetName, decodeCharset, knowsCharset } from './wire/charset.ts';
export {
  formatContentType,
  formatDisposition,
  parseContentType,
  parseDisposition,
  typeName,
} from './wire/content-fields.ts';
export { formatMailDate, parseMailDate } from './wire/date.ts';
export type { Decoder } from './wire/decoder.ts';
export { decodeWords, encodeWords } from './wire/encoded-word.ts';
export { type Field, Fields, fieldValue } from './wire/fields.ts';
export { flow, unflow } from './wire/flowed.ts';
export { foldField } from './wire/fold.ts';
export { contentIdOf, type Luck, newMessageId, parseMessageIds } from './wire/message-id.ts';
export { encodeQuotedPrintable } from './wire/quoted-printable.ts';
export { decoderFor, decodeTransfer } from './wire/transfer.ts';
