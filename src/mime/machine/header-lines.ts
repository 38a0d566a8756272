/** A header line by line, as patient as a reader can be without guessing (RFC 5322 §2.2, §4.5). */

import { latin1 } from '../../lib/bytes.ts';
import { LINE_LIMIT } from '../defaults.ts';
import type { Report } from '../errors.ts';
import { isUtf8 } from '../wire/charset.ts';
import { type Field, Fields, isAscii } from '../wire/fields.ts';

export interface HeaderLimits {
  readonly bytes: number;
  readonly fields: number;
}

/** What a line turned out to be: of the header, its end, or already the body. */
export type LineKind = 'header' | 'end' | 'body';

interface OpenField {
  readonly name: string;
  readonly offset: number;
  raw: string;
}

const FIELD = /^([!-9;-~]+)([ \t]*):/;

/** Fields that may stand once (RFC 5322 §3.6, RFC 2045). */
const SINGLE: ReadonlySet<string> = new Set(
  (
    'date from sender reply-to to cc bcc message-id in-reply-to references subject mime-version ' +
    'content-type content-transfer-encoding content-disposition content-id content-description'
  ).split(' '),
);

export class HeaderLines {
  private readonly limits: HeaderLimits;
  private readonly report: Report;
  private readonly list: OpenField[] = [];
  private readonly names = new Set<string>();
  private open: OpenField | undefined;
  private full = false;
  /** Bytes of all lines so far. */
  size = 0;

  constructor(limits: HeaderLimits, report: Report) {
    this.limits = limits;
    this.report = report;
  }

  /** A line with its end, one character an octet. */
  line(text: string, offset: number): LineKind {
    if (text === '\r\n' || text === '\n') {
      if (text === '\n') this.report('MIME_BARE_LF', offset);
      return 'end';
    }
    const folded = text.startsWith(' ') || text.startsWith('\t');
    if (folded && this.size > 0) {
      if (this.open && this.hasRoom(text, offset)) this.open.raw += text;
      this.size += text.length;
      return 'header';
    }
    const match = FIELD.exec(text);
    if (!match) {
      this.report('MIME_HEADER_LINE', offset);
      return 'body';
    }
    this.field(text, match, offset);
    this.size += text.length;
    return 'header';
  }

  /** What was too long to be kept. */
  dropped(length: number, offset: number): void {
    this.report('MIME_HEADER_TOO_LARGE', offset);
    this.size += length;
    this.open = undefined;
  }

  /** No more is kept. */
  stop(offset: number): void {
    this.report('MIME_HEADER_TOO_LARGE', offset);
    this.full = true;
  }

  private field(text: string, [whole, name = '', blanks]: RegExpExecArray, offset: number): void {
    this.open = undefined;
    if (blanks) this.report('MIME_SPACE_BEFORE_COLON', offset);
    if (!this.hasRoom(text, offset)) return;
    if (this.list.length === this.limits.fields) {
      this.report('MIME_TOO_MANY_FIELDS', offset);
      return;
    }
    const lower = name.toLowerCase();
    if (SINGLE.has(lower) && this.names.has(lower)) this.report('MIME_DUPLICATE_FIELD', offset);
    this.names.add(lower);
    this.open = { name, offset, raw: text.slice(whole.length) };
    this.list.push(this.open);
  }

  private hasRoom(text: string, offset: number): boolean {
    if (this.full || this.size + text.length > this.limits.bytes) {
      this.full = true;
      this.report('MIME_HEADER_TOO_LARGE', offset);
    }
    return !this.full;
  }

  /** All fields; what is wrong within them is reported now. */
  fields(): Fields {
    const fields = this.list.map(({ name, offset, raw }): Field => {
      this.inspect(raw, offset);
      return { name, offset, raw: raw.replace(/\r?\n$/, '') };
    });
    return new Fields(fields);
  }

  private inspect(raw: string, offset: number): void {
    if (raw.includes('\0')) this.report('MIME_NUL', offset);
    if (/\r(?!\n)/.test(raw)) this.report('MIME_BARE_CR', offset);
    if (/(?<!\r)\n/.test(raw)) this.report('MIME_BARE_LF', offset);
    if (raw.length > LINE_LIMIT && /[^\n]{999}/.test(raw))
      this.report('MIME_LINE_TOO_LONG', offset);
    if (isAscii(raw)) return;
    this.report(isUtf8(latin1(raw)) ? 'MIME_UTF8_HEADER' : 'MIME_8BIT_HEADER', offset);
  }
}
