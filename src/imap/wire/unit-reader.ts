/** Commands and responses out of bytes: lines, and the literals between them (RFC 9051 §4.3, RFC 7888, RFC 3516). */
import { concat, EMPTY, fromLatin1 } from '../../lib/bytes.ts';
import { CR, LF } from './ascii.ts';

/**
 * A command or a response as it came: its text, one character an octet, in which each literal is announced as
 * `{5}` CR LF; and what the literals hold. Of those that went elsewhere or were not wanted only the size is known.
 */
export interface Unit {
  readonly text: string;
  readonly literals: readonly Literal[];
  /** It was too long, and is not whole. */
  readonly fault?: 'too long' | 'bare CR';
}

export type Literal = Uint8Array | { readonly size: number };

/** A literal is announced at the end of `head`: what becomes of it must be said. */
export interface Announcement {
  readonly type: 'literal';
  readonly head: Unit;
  readonly size: number;
  /** The other side waits for a continuation. */
  readonly waits: boolean;
}

export type ReaderStep = Announcement | { readonly type: 'unit'; readonly unit: Unit };

export class UnitReader {
  private readonly limit: number;
  private rest: Uint8Array = EMPTY;
  /** No LF before here. */
  private searched = 0;
  private text = '';
  private fault: Unit['fault'];
  private literals: Literal[] = [];
  private sink: ((bytes: Uint8Array) => void) | undefined;
  private kept: Uint8Array[] | undefined;
  private size = 0;
  private left = 0;
  private announced = false;

  /** `limit` is of a line. */
  constructor(limit: number) {
    this.limit = limit;
  }

  get buffered(): number {
    return this.rest.length;
  }

  /** A unit has begun and is not whole. */
  get within(): boolean {
    return this.text !== '' || this.rest.length > 0 || this.inLiteral;
  }

  get inLiteral(): boolean {
    return this.sink !== undefined;
  }

  push(bytes: Uint8Array): void {
    this.rest = this.rest.length === 0 ? bytes : concat([this.rest, bytes]);
  }

  /** The next whole unit, or a literal that is announced; undefined until more has come. */
  next(): ReaderStep | undefined {
    while (!this.announced) {
      if (this.sink && !this.feed(this.sink)) return undefined;
      const line = this.takeLine();
      if (line === undefined) return undefined;
      const spec = literalAtEnd(line);
      this.size = spec?.size ?? 0;
      if (this.fault) {
        if (!spec || spec.waits) return { type: 'unit', unit: this.finish() };
        // It comes all the same, and is no command.
        this.begin(() => {});
        continue;
      }
      this.text += line;
      if (!spec) return { type: 'unit', unit: this.finish() };
      this.text += '\r\n';
      this.announced = true;
      const head = { text: this.text, literals: this.literals };
      return { type: 'literal', head, size: spec.size, waits: spec.waits };
    }
    return undefined;
  }

  /** The announced literal is held in memory. */
  keep(): void {
    const kept: Uint8Array[] = [];
    this.kept = kept;
    this.begin((bytes) => kept.push(bytes));
  }

  /** It goes to `sink` as it comes; an empty function throws it away. */
  stream(sink: (bytes: Uint8Array) => void): void {
    this.begin(sink);
  }

  /** It was refused before it was sent: the unit ends here. */
  refuse(): Unit {
    this.announced = false;
    return this.finish();
  }

  /** Everything that came after the last unit. */
  take(): Uint8Array {
    const { rest } = this;
    this.rest = EMPTY;
    this.searched = 0;
    return rest;
  }

  private begin(sink: (bytes: Uint8Array) => void): void {
    this.announced = false;
    this.sink = sink;
    this.left = this.size;
  }

  /** True when the literal is whole. */
  private feed(sink: (bytes: Uint8Array) => void): boolean {
    const part = this.rest.subarray(0, this.left);
    this.rest = this.rest.subarray(part.length);
    this.left -= part.length;
    if (part.length > 0) sink(part);
    if (this.left > 0) return false;
    this.literals.push(this.kept ? concat(this.kept) : { size: this.size });
    this.sink = undefined;
    this.kept = undefined;
    return true;
  }

  private finish(): Unit {
    const { text, literals, fault } = this;
    this.text = '';
    this.literals = [];
    this.fault = undefined;
    return { text, literals, ...(fault && { fault }) };
  }

  /** A line without its end; of a faulty one its last characters. LF alone ends one too: people type at terminals that send it. */
  private takeLine(): string | undefined {
    const end = this.rest.indexOf(LF, this.searched);
    if (end < 0) {
      this.hold();
      return undefined;
    }
    const last = end > 0 && this.rest[end - 1] === CR ? end - 1 : end;
    if (last > this.limit) this.tooLong();
    const line = fromLatin1(this.rest, this.fault ? Math.max(0, last - TAIL) : 0, last);
    if (!this.fault && line.includes('\r')) {
      this.fault = 'bare CR';
      this.text += line;
    }
    this.rest = this.rest.subarray(end + 1);
    this.searched = 0;
    return line;
  }

  /** Of a line without end no more than its beginning and its end are held: the tag, and a literal. */
  private hold(): void {
    this.searched = this.rest.length;
    if (this.rest.length <= this.limit + 1) return;
    this.tooLong();
    this.rest = this.rest.slice(-TAIL - 1);
    this.searched = this.rest.length;
  }

  private tooLong(): void {
    if (this.text === '') this.text = fromLatin1(this.rest, 0, HEAD);
    this.fault = 'too long';
  }
}

/** What is kept of the two ends of a line that is too long. */
const HEAD = 256;
const TAIL = 16;

/** `{12}`, `{12+}`, `~{12}` at the end of a line (RFC 9051 §4.3, RFC 7888 §3). */
function literalAtEnd(line: string): { size: number; waits: boolean } | undefined {
  if (line.charCodeAt(line.length - 1) !== 125) return undefined;
  const [, digits, plus] = /\{(\d{1,10})([+-]?)\}$/.exec(line) ?? [];
  if (digits === undefined || Number(digits) > 0xffff_ffff) return undefined;
  return { size: Number(digits), waits: plus === '' };
}
