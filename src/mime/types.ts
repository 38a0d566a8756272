/** Messages as programs see them (RFC 5322, 2045, 2046). */
import type { DefectCode } from './errors.ts';
import type { Fields } from './wire/fields.ts';

/** From the start of the message, `end` not included. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Something that a message does wrong, and where. */
export interface Defect {
  readonly code: DefectCode;
  readonly message: string;
  /** The section that decides; '' where it is a limit of ours. */
  readonly spec: string;
  /** From the start of the message. */
  readonly offset: number;
  /** The part that has it: `1.2`, '' for the whole. */
  readonly part: string;
}

export type TransferEncoding =
  | '7bit'
  | '8bit'
  | 'binary'
  | 'quoted-printable'
  | 'base64'
  | 'uuencode';

/** By name in lower case, in order. */
export type Parameters = ReadonlyMap<string, string>;

/** Content-Type (RFC 2045 §5), in lower case. */
export interface ContentType {
  readonly type: string;
  readonly subtype: string;
  readonly parameters: Parameters;
}

/** Content-Disposition (RFC 2183): `inline`, `attachment` or another word, in lower case. */
export interface Disposition {
  readonly kind: string;
  readonly parameters: Parameters;
}

/** A person's or a program's address; `local` without quotes. */
export interface Mailbox {
  /** '' where there is none. */
  readonly name: string;
  readonly local: string;
  readonly domain: string;
}

export interface Group {
  readonly group: string;
  readonly members: readonly Mailbox[];
}

export type AddressEntry = Mailbox | Group;

/** When, and where: minutes east of Greenwich. */
export interface MailDate {
  readonly ms: number;
  readonly zone: number;
}

/**
 * A message or a part of one. Its bytes stay where they are: `header` (with the empty line) and `body` say
 * where, `body` without the line end that belongs to the boundary.
 */
export interface Part {
  /** As IMAP counts (RFC 9051 §6.4.5.1): `1.2`; '' for a message whose body is a multipart. */
  readonly path: string;
  readonly header: Range;
  readonly body: Range;
  /** Line ends of the body. */
  readonly lines: number;
  readonly fields: Fields;
  readonly type: ContentType;
  readonly disposition: Disposition | undefined;
  readonly encoding: TransferEncoding;
  /** Octets above 127 are in the body. */
  readonly eightBit: boolean;
  /** Lines longer than 998 octets, NUL, or CR alone: what only BINARYMIME carries (RFC 3030). */
  readonly binary: boolean;
  /** Of a multipart: its parts. Of message/rfc822: the message in it. */
  readonly children: readonly Part[];
}
