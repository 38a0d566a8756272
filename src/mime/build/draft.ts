/** What is to be written. */
import type { AddressEntry, MailDate } from '../types.ts';
import type { Luck } from '../wire/message-id.ts';

/** As in a header (`Ann <ann@x.edu>, bob@y.edu`), or already taken apart. */
export type AddressesInit = string | AddressEntry | readonly AddressEntry[];

/** A part: its content, or its parts. */
export interface PartDraft {
  /** `text/plain`, `multipart/mixed`. */
  readonly type: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly disposition?: 'inline' | 'attachment';
  readonly fileName?: string;
  /** Content-ID, without brackets. */
  readonly id?: string;
  /** Content-Location: a URL. */
  readonly location?: string;
  readonly description?: string;
  /** A string is text: its lines may end in any way. Bytes are kept as they are. */
  readonly body: string | Uint8Array | readonly PartDraft[];
}

export interface AttachmentDraft {
  readonly fileName?: string;
  /** Default: application/octet-stream. */
  readonly type?: string;
  readonly content: string | Uint8Array;
  /** With an id, or a location, the HTML text shows it: `<img src="cid:ID">`. */
  readonly id?: string;
  readonly location?: string;
  readonly description?: string;
}

export interface MessageDraft {
  readonly from: AddressesInit;
  readonly sender?: AddressesInit;
  readonly replyTo?: AddressesInit;
  readonly to?: AddressesInit;
  readonly cc?: AddressesInit;
  /** Only of a draft that is kept: what is sent has none (RFC 5322 §3.6.3). */
  readonly bcc?: AddressesInit;
  readonly subject?: string;
  /** Default: now. */
  readonly date?: MailDate;
  /** Without brackets. Default: a new one. */
  readonly messageId?: string;
  readonly inReplyTo?: readonly string[];
  readonly references?: readonly string[];
  /** Other fields, their values unstructured text. */
  readonly fields?: readonly (readonly [name: string, value: string])[];
  readonly text?: string;
  /** The plain text is written in paragraphs that flow (RFC 3676). */
  readonly flowed?: boolean;
  readonly html?: string;
  readonly attachments?: readonly AttachmentDraft[];
  /** The whole content, in place of text, html and attachments. */
  readonly content?: PartDraft;
}

export interface BuildOptions {
  /** The host's clock, as time of the calendar. */
  readonly now: number;
  /** Minutes east of Greenwich; default 0. */
  readonly zone?: number;
  readonly luck: Luck;
  /** For the Message-ID; default: that of the first sender. */
  readonly domain?: string;
  /** The next hop takes 8BITMIME (RFC 6152). */
  readonly eightBit?: boolean;
  /** The message is internationalized: headers in UTF-8 (RFC 6532). */
  readonly utf8?: boolean;
}
