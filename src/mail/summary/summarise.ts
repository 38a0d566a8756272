/** What is known of a message without reading it again. */
import { concat, fromUtf8 } from '../../lib/bytes.ts';
import {
  decodeCharset,
  decodeTransfer,
  type Fields,
  MimeParser,
  mailboxes,
  type Part,
  parseAddresses,
  parseMailDate,
} from '../../mime/index.ts';
import { PEOPLE_LIMIT, PREVIEW_LENGTH, PREVIEW_SOURCE } from '../defaults.ts';
import type { Facts, Person, Summary } from '../types.ts';
import { envelopeText } from './imap-text.ts';
import { structureText } from './structure.ts';
import { tiesIn } from './ties.ts';

/** Reads a message once, in its pieces. */
export function summarise(pieces: Iterable<Uint8Array>): Summary {
  const beginning = new Beginning();
  const parser = new MimeParser({
    onBody: (part, bytes) => beginning.take(part, bytes),
  });
  for (const piece of pieces) parser.push(piece);
  const root = parser.end();
  return {
    envelope: envelopeText(root.fields),
    bodyStructure: structureText(root, true),
    body: structureText(root, false),
    facts: factsOf(root, beginning.preview()),
  };
}

function factsOf(root: Part, preview: string): Facts {
  const { fields } = root;
  const date = fields.get('Date');
  return {
    headerSize: root.header.end - root.header.start,
    ...tiesIn(fields),
    from: peopleOf(fields, 'From'),
    to: peopleOf(fields, 'To'),
    cc: peopleOf(fields, 'Cc'),
    date: date === undefined ? undefined : parseMailDate(date)?.ms,
    preview,
    attachments: attachmentsOf(root),
  };
}

function peopleOf(fields: Fields, name: string): readonly Person[] {
  const value = fields.get(name);
  if (value === undefined) return [];
  return mailboxes(parseAddresses(value))
    .slice(0, PEOPLE_LIMIT)
    .map(({ name: shown, local, domain }) => ({
      name: shown,
      address: domain === '' ? local : `${local}@${domain}`,
    }));
}

function attachmentsOf(part: Part): number {
  if (part.type.type === 'multipart') {
    return part.children.reduce((sum, child) => sum + attachmentsOf(child), 0);
  }
  return isAttachment(part) ? 1 : 0;
}

/** What is not the text itself and not shown within it. */
function isAttachment({ disposition, fields, type }: Part): boolean {
  if (disposition?.kind === 'attachment') return true;
  if (disposition?.parameters.has('filename')) return true;
  const isText = type.type === 'text' && /^(?:plain|html)$/.test(type.subtype);
  return !isText && fields.field('Content-ID') === undefined;
}

/** How the text begins: plain text where there is some, else what HTML says. */
class Beginning {
  private part: Part | undefined;
  private bytes: Uint8Array[] = [];
  private length = 0;

  take(part: Part, bytes: Uint8Array): void {
    if (part !== this.part) {
      if (!isBetter(part, this.part)) return;
      this.part = part;
      this.bytes = [];
      this.length = 0;
    }
    if (this.length >= PREVIEW_SOURCE) return;
    // The parser's pieces change behind it.
    const piece = bytes.slice(0, PREVIEW_SOURCE - this.length);
    this.bytes.push(piece);
    this.length += piece.length;
  }

  preview(): string {
    const { part } = this;
    if (!part) return '';
    const bytes = decodeTransfer(concat(this.bytes), part.encoding, () => {});
    const charset = part.type.parameters.get('charset');
    const text = charset === undefined ? fromUtf8(bytes) : decodeCharset(bytes, charset);
    return oneLine(part.type.subtype === 'html' ? withoutTags(text) : withoutQuotes(text));
  }
}

/** The first plain text, or before one is seen the first HTML. */
function isBetter(part: Part, than: Part | undefined): boolean {
  if (part.type.type !== 'text' || part.disposition?.kind === 'attachment') return false;
  if (part.type.subtype === 'plain') return than?.type.subtype !== 'plain';
  return part.type.subtype === 'html' && than === undefined;
}

function withoutQuotes(text: string): string {
  return text.replace(/^[ \t]*>.*$/gm, '');
}

/** Good for a line in a list; what is shown of a message is made safe by other means. */
function withoutTags(html: string): string {
  return html
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<[^>]*>?/g, ' ')
    .replace(/&nbsp;/gi, ' ')
    .replace(/&lt;/gi, '<')
    .replace(/&gt;/gi, '>')
    .replace(/&amp;/gi, '&');
}

function oneLine(text: string): string {
  const begin = text.trimStart().slice(0, 4 * PREVIEW_LENGTH);
  const line = begin.replace(/[\s\p{C}]+/gu, ' ').trim();
  return line.length <= PREVIEW_LENGTH ? line : `${line.slice(0, PREVIEW_LENGTH).trimEnd()}…`;
}
