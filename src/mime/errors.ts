/** What messages do wrong, and what a builder refuses. Reading never throws: it reports defects. */
import { ProtocolError } from '../lib/errors.ts';

export type DefectCode =
  | 'MIME_BARE_LF'
  | 'MIME_BARE_CR'
  | 'MIME_NUL'
  | 'MIME_LINE_TOO_LONG'
  | 'MIME_8BIT_BODY'
  | 'MIME_8BIT_HEADER'
  | 'MIME_UTF8_HEADER'
  | 'MIME_HEADER_LINE'
  | 'MIME_SPACE_BEFORE_COLON'
  | 'MIME_FROM_LINE'
  | 'MIME_HEADER_TOO_LARGE'
  | 'MIME_TOO_MANY_FIELDS'
  | 'MIME_HEADER_NOT_ENDED'
  | 'MIME_DUPLICATE_FIELD'
  | 'MIME_BAD_TYPE'
  | 'MIME_BAD_PARAMETER'
  | 'MIME_DUPLICATE_PARAMETER'
  | 'MIME_NO_BOUNDARY'
  | 'MIME_NO_PARTS'
  | 'MIME_NOT_CLOSED'
  | 'MIME_TOO_DEEP'
  | 'MIME_TOO_MANY_PARTS'
  | 'MIME_UNKNOWN_ENCODING'
  | 'MIME_ENCODED_COMPOSITE'
  | 'MIME_BASE64_JUNK'
  | 'MIME_BASE64_LENGTH'
  | 'MIME_QP_ESCAPE'
  | 'MIME_QP_8BIT'
  | 'MIME_UUENCODE'
  | 'MIME_UNKNOWN_CHARSET'
  | 'MIME_WRONG_CHARSET'
  | 'MIME_ENCODED_WORD'
  | 'MIME_BAD_ADDRESS'
  | 'MIME_BAD_DATE';

/** The sentence and the section that decides; '' for a limit of ours. */
const DEFECTS: Readonly<Record<DefectCode, readonly [message: string, spec: string]>> = {
  MIME_BARE_LF: ['a line ends with LF alone', 'RFC 5322 §2.3'],
  MIME_BARE_CR: ['a CR stands alone', 'RFC 5322 §2.3'],
  MIME_NUL: ['a NUL', 'RFC 5322 §4'],
  MIME_LINE_TOO_LONG: ['a line is longer than 998 octets', 'RFC 5322 §2.1.1'],
  MIME_8BIT_BODY: ['octets above 127 in a body that is declared to have none', 'RFC 2045 §2.7'],
  MIME_8BIT_HEADER: ['octets above 127 in a header that are not UTF-8', 'RFC 6532 §3.2'],
  MIME_UTF8_HEADER: ['UTF-8 in a header: only for internationalized mail', 'RFC 6532 §3.2'],
  MIME_HEADER_LINE: ['a line in the header is no field: the body begins here', 'RFC 5322 §2.2'],
  MIME_SPACE_BEFORE_COLON: ['white space between a field name and its colon', 'RFC 5322 §4.5'],
  MIME_FROM_LINE: ['the line of an mbox before the header', 'RFC 5322 §3.6'],
  MIME_HEADER_TOO_LARGE: ['the header is larger than its limit: the rest is dropped', ''],
  MIME_TOO_MANY_FIELDS: ['the header has more fields than the limit: the rest is dropped', ''],
  MIME_HEADER_NOT_ENDED: ['no empty line ends the header', 'RFC 5322 §2.1'],
  MIME_DUPLICATE_FIELD: ['a field that may stand once stands twice', 'RFC 5322 §3.6'],
  MIME_BAD_TYPE: ['Content-Type is none: text/plain is taken', 'RFC 2045 §5.2'],
  MIME_BAD_PARAMETER: ['a parameter is not written as the grammar asks', 'RFC 2045 §5.1'],
  MIME_DUPLICATE_PARAMETER: ['a parameter stands twice: the first counts', 'RFC 2045 §5'],
  MIME_NO_BOUNDARY: ['a multipart without boundary: it is read as one body', 'RFC 2046 §5.1.1'],
  MIME_NO_PARTS: ['a multipart in which its boundary never comes', 'RFC 2046 §5.1.1'],
  MIME_NOT_CLOSED: ['a multipart without its last boundary', 'RFC 2046 §5.1.1'],
  MIME_TOO_DEEP: ['parts nest deeper than the limit: read as one body', ''],
  MIME_TOO_MANY_PARTS: ['more parts than the limit: the rest belongs to the last', ''],
  MIME_UNKNOWN_ENCODING: ['an unknown transfer encoding: the octets are taken', 'RFC 2045 §6.4'],
  MIME_ENCODED_COMPOSITE: [
    'a multipart or message in an encoding it may not have',
    'RFC 2045 §6.4',
  ],
  MIME_BASE64_JUNK: ['characters that are not base64', 'RFC 2045 §6.8'],
  MIME_BASE64_LENGTH: ['base64 breaks off inside a group', 'RFC 2045 §6.8'],
  MIME_QP_ESCAPE: ['= without two hexadecimal digits', 'RFC 2045 §6.7'],
  MIME_QP_8BIT: ['an octet that quoted-printable must encode', 'RFC 2045 §6.7'],
  MIME_UUENCODE: ['a line that is not uuencode', 'POSIX uuencode'],
  MIME_UNKNOWN_CHARSET: ['an unknown charset: the text is guessed', 'RFC 2045 §5.2'],
  MIME_WRONG_CHARSET: ['octets that the charset does not have', 'RFC 2046 §4.1.2'],
  MIME_ENCODED_WORD: ['an encoded word that cannot be decoded as written', 'RFC 2047 §6.3'],
  MIME_BAD_ADDRESS: ['an address that is not written as the grammar asks', 'RFC 5322 §3.4'],
  MIME_BAD_DATE: ['a date that is none', 'RFC 5322 §3.3'],
};

/** Where readers tell of what is wrong; `offset` counts from the start of what they read. */
export type Report = (code: DefectCode, offset: number) => void;

export function ignoreDefects(): void {}

/** The sentence and the section that go with a code. */
export function defectText(code: DefectCode): { readonly message: string; readonly spec: string } {
  const [message, spec] = DEFECTS[code];
  return { message, spec };
}

export type MimeErrorCode =
  | 'MIME_BAD_FIELD'
  | 'MIME_BAD_DRAFT'
  | 'MIME_NEEDS_UTF8'
  | 'MIME_NEEDS_8BIT'
  | 'MIME_NO_PART'
  | 'MIME_NOT_MHTML';

/** A message that we were asked to write and that the standard does not allow. */
export function misuse(code: MimeErrorCode, message: string, spec: string): ProtocolError {
  return new ProtocolError(code, message, { spec, side: 'local' });
}
