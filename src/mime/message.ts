/** A message as a whole: its tree, its texts, its attachments. */
import { type DefectCode, misuse, type Report } from './errors.ts';
import { DefectLog } from './machine/defect-log.ts';
import { MimeParser } from './machine/parser.ts';
import type { ParserLimits } from './machine/sink.ts';
import type { AddressEntry, Defect, MailDate, Part, Range } from './types.ts';
import { parseAddresses } from './wire/address.ts';
import { decodeCharset } from './wire/charset.ts';
import { typeName } from './wire/content-fields.ts';
import { parseMailDate } from './wire/date.ts';
import { decodeWords } from './wire/encoded-word.ts';
import { unflow } from './wire/flowed.ts';
import { parseMessageIds } from './wire/message-id.ts';
import { decodeTransfer } from './wire/transfer.ts';

const SECTION = /^(\d+(?:\.\d+)*)?(?:(?:^|\.)(HEADER|TEXT|MIME))?$/;

/** Reads a message. It never throws: what is wrong stands in `defects`. */
export function parseMessage(bytes: Uint8Array, limits: ParserLimits = {}): Message {
  return new Message(bytes, limits);
}

/** The parts stay where they are in `bytes`; contents are decoded when they are asked for. */
export class Message {
  readonly bytes: Uint8Array;
  readonly root: Part;
  private readonly log = new DefectLog();

  constructor(bytes: Uint8Array, limits: ParserLimits = {}) {
    this.bytes = bytes;
    const parser = new MimeParser({}, limits, this.log);
    parser.push(bytes);
    this.root = parser.end();
  }

  /** What is wrong, in all that was looked at so far: `inspect` looks at everything. */
  get defects(): readonly Defect[] {
    return this.log.list();
  }

  /** The Subject, decoded. */
  get subject(): string {
    return this.decoded('Subject');
  }

  get from(): readonly AddressEntry[] {
    return this.addresses('From');
  }

  get to(): readonly AddressEntry[] {
    return this.addresses('To');
  }

  get cc(): readonly AddressEntry[] {
    return this.addresses('Cc');
  }

  get date(): MailDate | undefined {
    const value = this.root.fields.get('Date');
    const date = value === undefined ? undefined : parseMailDate(value);
    if (value !== undefined && !date) this.reportFor('Date')('MIME_BAD_DATE', 0);
    return date;
  }

  /** Without its brackets. */
  get messageId(): string | undefined {
    return parseMessageIds(this.root.fields.get('Message-ID') ?? '')[0];
  }

  /** The addresses of a field, whichever it is. */
  addresses(name: string): readonly AddressEntry[] {
    const value = this.root.fields.get(name);
    return value === undefined ? [] : parseAddresses(value, this.reportFor(name));
  }

  /** The text of an unstructured field, encoded words decoded; '' without it. */
  decoded(name: string): string {
    return decodeWords(this.root.fields.get(name) ?? '', this.reportFor(name));
  }

  /** All parts, each before its children. */
  *parts(): Generator<Part> {
    const rest: Part[] = [this.root];
    for (let part = rest.pop(); part; part = rest.pop()) {
      yield part;
      rest.push(...part.children.toReversed());
    }
  }

  /** The part with this path; the outermost where a message shares it with its multipart. */
  part(path: string): Part | undefined {
    for (const part of this.parts()) if (part.path === path) return part;
    return undefined;
  }

  /** The bytes of a part as they were before transfer; those of a composite as they stand. */
  content(part: Part): Uint8Array {
    const body = this.slice(part.body);
    if (part.children.length > 0) return body;
    return decodeTransfer(body, part.encoding, (code, offset) => {
      this.log.add(code, part.body.start + offset, part);
    });
  }

  /** The text of a part, with LF between lines; paragraphs of format=flowed joined. */
  textOf(part: Part): string {
    const { parameters } = part.type;
    const charset = parameters.get('charset') ?? 'us-ascii';
    const report: Report = (code) => this.log.add(code, part.body.start, part);
    const text = decodeCharset(this.content(part), charset, report).replaceAll('\r\n', '\n');
    if (parameters.get('format')?.toLowerCase() !== 'flowed') return text;
    return unflow(text, parameters.get('delsp')?.toLowerCase() === 'yes');
  }

  /** The plain text that a reader shows; undefined where there is none. */
  get text(): string | undefined {
    return this.body('plain');
  }

  /** The HTML text, as it came: it is not safe to show. */
  get html(): string | undefined {
    return this.body('html');
  }

  /** What is to be saved or opened by itself: not the body, not what an HTML text shows within it. */
  get attachments(): readonly Part[] {
    return [...this.leaves(this.root)].filter((part) => !isBodyText(part) && !isShown(part));
  }

  /** Parts that the HTML text shows by their Content-ID or place (RFC 2387). */
  get related(): readonly Part[] {
    return [...this.leaves(this.root)].filter((part) => !isBodyText(part) && isShown(part));
  }

  private body(subtype: string): string | undefined {
    for (const part of this.leaves(this.root)) {
      if (isBodyText(part) && part.type.subtype === subtype) return this.textOf(part);
    }
    return undefined;
  }

  /** Parts without parts; a message in the message is one of them. */
  private *leaves(part: Part): Generator<Part> {
    if (part.type.type !== 'multipart' || part.children.length === 0) yield part;
    else for (const child of part.children) yield* this.leaves(child);
  }

  /** Decodes everything once, so that `defects` is whole. */
  inspect(): readonly Defect[] {
    for (const part of this.parts()) {
      if (part.children.length > 0) continue;
      if (part.type.type === 'text') this.textOf(part);
      else this.content(part);
    }
    for (const name of ['From', 'Sender', 'Reply-To', 'To', 'Cc', 'Bcc']) this.addresses(name);
    void [this.subject, this.date];
    return this.defects;
  }

  slice({ start, end }: Range): Uint8Array {
    return this.bytes.subarray(start, end);
  }

  /**
   * The bytes of an IMAP section (RFC 9051 §6.4.5.1): '', `HEADER`, `TEXT`, `1`, `1.2.MIME`, `2.HEADER`. Undefined where
   * there is none.
   */
  section(name: string): Uint8Array | undefined {
    const [whole, path, word] = SECTION.exec(name.toUpperCase()) ?? [];
    if (whole === undefined) return undefined;
    if (path === undefined) {
      if (word === undefined) return this.bytes;
      const { header, body } = this.root;
      return word === 'MIME' ? undefined : this.slice(word === 'TEXT' ? body : header);
    }
    const part = this.part(path);
    if (!part) return undefined;
    if (word === undefined) return this.slice(part.body);
    if (word === 'MIME') return this.slice(part.header);
    const [inner] = part.children;
    if (part.type.type !== 'message' || !inner) return undefined;
    return this.slice(word === 'TEXT' ? inner.body : inner.header);
  }

  private reportFor(name: string): Report {
    const offset = this.root.fields.field(name)?.offset ?? 0;
    return (code: DefectCode) => this.log.add(code, offset, this.root);
  }
}

/** A text that is no attachment (RFC 2183 §2.10: other words than inline are attachments). */
function isBodyText({ type, disposition }: Part): boolean {
  const inline = disposition === undefined || disposition.kind === 'inline';
  const named = disposition?.parameters.has('filename') ?? false;
  return inline && !named && type.type === 'text' && /^(?:plain|html)$/.test(type.subtype);
}

function isShown({ disposition, fields }: Part): boolean {
  const placed = fields.field('Content-ID') ?? fields.field('Content-Location');
  return placed !== undefined && disposition?.kind !== 'attachment';
}

/** The name under which a part is saved; undefined where it has none. It is no path: `/` and `\` end it. */
export function fileName(part: Part): string | undefined {
  const name =
    part.disposition?.parameters.get('filename') ?? part.type.parameters.get('name') ?? '';
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const safe = base.replace(/\p{C}/gu, '').trim();
  return safe === '' || safe === '.' || safe === '..' ? undefined : safe;
}

/** The part, or an error that names those there are. */
export function partOf(message: Message, path: string): Part {
  const part = message.part(path);
  if (part) return part;
  const known = [...message.parts()].map((one) => one.path || '""').join(', ');
  const text = `The message has no part ${path}; it has ${known}`;
  throw misuse('MIME_NO_PART', text, 'RFC 9051 §6.4.5.1');
}

/** The type and the main parameters in a line: `text/plain; charset=utf-8`. */
export function typeLine({ type }: Part): string {
  const charset = type.parameters.get('charset');
  return typeName(type) + (type.type === 'text' && charset ? `; charset=${charset}` : '');
}
