/** A message from pieces of any size: its tree with ranges, bodies as they pass (RFC 5322, RFC 2046). */
import { concat, EMPTY, fromLatin1 } from '../../lib/bytes.ts';
import {
  ALL_HEADERS_LIMIT,
  BOUNDARY_LINE_LIMIT,
  DEPTH_LIMIT,
  FIELD_LIMIT,
  HEADER_LIMIT,
  HEADER_LINE_LIMIT,
  LINE_LIMIT,
  PART_LIMIT,
} from '../defaults.ts';
import type { DefectCode, Report } from '../errors.ts';
import type { Defect, Part } from '../types.ts';
import { classesFor } from './body-scan.ts';
import { DefectLog } from './defect-log.ts';
import { type Delimiter, delimiterIn } from './delimiter.ts';
import { Entity, type GrowingPart, holdsMessage, isIdentity, type Origin } from './entity.ts';
import type { MimeSink, ParserLimits } from './sink.ts';

const LF = 10;
const CR = 13;
const DASH = 45;

/** Push what comes, then `end()`. It never throws: what is wrong is in `defects`. */
export class MimeParser {
  private readonly sink: MimeSink;
  private readonly limits: Required<ParserLimits>;
  private readonly log: DefectLog;
  /** From the message down to what is being read. */
  private readonly open: Entity[] = [];
  private parts = 0;
  private headerBytes = 0;
  /** Multiparts whose boundaries are looked for. */
  private splitting = 0;

  /** What is not yet decided and what came behind it; `base` is the offset of its first byte. */
  private bytes: Uint8Array = EMPTY;
  private base = 0;
  private at = 0;
  private lineStart = 0;
  /** The line end before `lineStart`: 0 at the start of the message, 1 or 2. */
  private newline = 0;
  private lines = 0;
  /** This line is no boundary. */
  private judged = -1;
  private droppingLine = false;
  /** Up to here bodies were delivered. */
  private delivered = 0;
  private classes: Uint8Array = classesFor(false, false);

  constructor(sink: MimeSink = {}, limits: ParserLimits = {}, log: DefectLog = new DefectLog()) {
    this.sink = sink;
    this.log = log;
    this.limits = {
      depth: DEPTH_LIMIT,
      parts: PART_LIMIT,
      header: HEADER_LIMIT,
      fields: FIELD_LIMIT,
      ...limits,
    };
    this.begin({ path: '' }, 0);
  }

  /** What was found so far. */
  get defects(): readonly Defect[] {
    return this.log.list();
  }

  push(chunk: Uint8Array): void {
    this.bytes = this.bytes.length === 0 ? chunk : concat([this.bytes, chunk]);
    this.run(false);
    const keep = this.undecided();
    this.deliver(this.base + keep);
    this.bytes = this.bytes.slice(keep);
    this.base += keep;
    this.at -= keep;
  }

  /** No more comes: the whole tree. */
  end(): Part {
    this.run(true);
    const total = this.base + this.bytes.length;
    if (!this.top.inHeader) this.checkLength(total);
    if (this.top.inHeader) {
      this.report('MIME_HEADER_NOT_ENDED', total);
      this.endHeader(total);
    }
    // A message in a message begins where the header around it ended.
    while (this.top.inHeader) this.endHeader(total);
    const root = (this.open[0] as Entity).part;
    this.closeTo(0, total, this.lines);
    this.bytes = EMPTY;
    return root;
  }

  private get top(): Entity {
    return this.open.at(-1) as Entity;
  }

  private run(final: boolean): void {
    while (this.at < this.bytes.length) {
      const more = this.top.inHeader
        ? this.headerLine(final)
        : this.mayBeBoundary()
          ? this.boundaryLine(final)
          : this.flow(final);
      if (!more) return;
    }
  }

  /** The first byte that the next piece may still decide about: the line end before a boundary is one. */
  private undecided(): number {
    const atLineStart = this.base + this.at === this.lineStart;
    if (this.top.inHeader || !atLineStart) return this.at;
    return Math.max(0, this.at - this.newline);
  }

  // Headers.

  private headerLine(final: boolean): boolean {
    const { bytes, at } = this;
    const found = bytes.indexOf(LF, at);
    if (this.droppingLine) return this.dropLine(found);
    if ((found < 0 ? bytes.length : found) - at > HEADER_LINE_LIMIT) return this.dropLine(found);
    if (found < 0 && !final) return false;
    const end = found < 0 ? bytes.length : found + 1;
    const offset = this.base + at;
    const text = fromLatin1(bytes, at, end);
    if (this.isFromLine(text, offset)) {
      this.report('MIME_FROM_LINE', offset);
      this.nextLine(end, text);
      return true;
    }
    if (text.startsWith('--') && delimiterIn(this.open, text)) return this.headerCut(offset);
    const kind = this.top.header.line(text, offset);
    if (kind === 'body') {
      this.endHeader(offset);
      return true;
    }
    this.nextLine(end, text);
    if (kind === 'end') this.endHeader(this.base + end);
    else this.limitHeaders(text.length, offset);
    return true;
  }

  private nextLine(end: number, text: string): void {
    this.at = end;
    this.lineStart = this.base + end;
    this.newline = text.endsWith('\r\n') ? 2 : 1;
    if (text.endsWith('\n')) this.lines++;
  }

  private dropLine(found: number): boolean {
    const end = found < 0 ? this.bytes.length : found + 1;
    this.top.header.dropped(end - this.at, this.base + this.at);
    if (found < 0) this.at = end;
    else this.nextLine(end, '\n');
    this.droppingLine = found < 0;
    return true;
  }

  /** The first line of a message in an mbox, and of some that passed through one. */
  private isFromLine(text: string, offset: number): boolean {
    const top = this.top;
    return offset === top.part.header.start && this.open.length === 1 && /^>?From /.test(text);
  }

  /** A boundary where a header should go on. */
  private headerCut(offset: number): boolean {
    const start = Math.max(this.top.part.header.start, offset - this.newline);
    this.report('MIME_HEADER_NOT_ENDED', offset);
    this.endHeader(start);
    return true;
  }

  /** All headers together: a message may not have memory by having many parts. */
  private limitHeaders(length: number, offset: number): void {
    this.headerBytes += length;
    if (this.headerBytes > ALL_HEADERS_LIMIT) this.top.header.stop(offset);
  }

  private endHeader(end: number): void {
    const { top } = this;
    const { part } = top;
    top.endHeader(end);
    top.linesBefore = this.lines;
    this.delivered = end;
    this.judged = -1;
    this.classes = classesFor(false, false);
    this.sink.onPart?.(part);
    if (part.type.type === 'multipart') this.beginMultipart(top);
    else if (holdsMessage(part) && this.mayNest(part)) this.begin({ path: part.path }, end);
  }

  // Parts.

  private begin(origin: Origin, start: number): void {
    const limits = { bytes: this.limits.header, fields: this.limits.fields };
    const entity = new Entity(origin, start, limits, (part) => this.reportFor(part));
    this.open.at(-1)?.part.children.push(entity.part);
    this.open.push(entity);
    this.parts++;
  }

  private beginMultipart(entity: Entity): void {
    const { part } = entity;
    const boundary = part.type.parameters.get('boundary')?.replace(/[ \t]+$/, '');
    if (!boundary) this.report('MIME_NO_BOUNDARY', part.header.start);
    else if (this.mayNest(part)) {
      entity.boundary = boundary;
      this.splitting++;
    }
  }

  private mayNest(part: GrowingPart): boolean {
    if (!isIdentity(part)) {
      // RFC 6532 §3.5: message/global may be encoded.
      if (part.type.type === 'message' && part.type.subtype === 'global') return false;
      // A multipart in base64 is read as if it were not: the boundaries are there (RFC 2045 §6.4).
      this.report('MIME_ENCODED_COMPOSITE', part.header.start);
      if (part.type.type !== 'multipart') return false;
      part.encoding = '7bit';
    }
    const deep = this.open.length > this.limits.depth;
    if (deep) this.report('MIME_TOO_DEEP', part.header.start);
    return !deep;
  }

  /** Ends everything above and at `level`; bodies end at `end`, having `lines` line ends before it. */
  private closeTo(level: number, end: number, lines: number): void {
    // A line end that a header needs is not the boundary's: what is around it ends behind it as well.
    let last = end;
    while (this.open.length > level) {
      const entity = this.top;
      const { part } = entity;
      this.deliver(end);
      if (entity.boundary !== undefined && !entity.closed) this.unclosed(entity, end);
      last = Math.max(part.body.start, last);
      part.body = { start: part.body.start, end: last };
      part.lines = Math.max(0, lines - entity.linesBefore);
      this.open.pop();
      this.sink.onEnd?.(part);
    }
  }

  private unclosed({ part }: Entity, end: number): void {
    this.splitting--;
    const none = part.children.length === 0;
    this.log.add(none ? 'MIME_NO_PARTS' : 'MIME_NOT_CLOSED', end, part);
  }

  // Boundaries.

  private mayBeBoundary(): boolean {
    const { at, base, lineStart } = this;
    if (this.splitting === 0 || base + at !== lineStart || this.judged === lineStart) return false;
    return this.bytes[at] === DASH;
  }

  private boundaryLine(final: boolean): boolean {
    const { bytes, at } = this;
    const found = bytes.indexOf(LF, at);
    const undecided = found < 0 && !final && bytes.length - at <= BOUNDARY_LINE_LIMIT;
    const second = bytes[at + 1];
    if (undecided && (second === undefined || second === DASH)) return false;
    const end = found < 0 ? bytes.length : found + 1;
    const fits = second === DASH && end - at <= BOUNDARY_LINE_LIMIT;
    const text = fits ? fromLatin1(bytes, at, end) : '';
    const delimiter = fits ? delimiterIn(this.open, text) : undefined;
    if (!delimiter) {
      this.judged = this.lineStart;
      return true;
    }
    this.delimiter(delimiter, end, text);
    return true;
  }

  private delimiter({ level, closing }: Delimiter, end: number, text: string): void {
    const offset = this.base + this.at;
    const multipart = this.open[level] as Entity;
    if (!closing && this.parts >= this.limits.parts) {
      this.report('MIME_TOO_MANY_PARTS', offset);
      this.judged = this.lineStart;
      return;
    }
    const owned = this.newline > 0 && offset > this.top.part.body.start;
    this.closeTo(level + 1, offset - this.newline, this.lines - (owned ? 1 : 0));
    this.delivered = this.base + end;
    this.nextLine(end, text);
    this.judged = -1;
    this.classes = classesFor(false, false);
    if (text.endsWith('\n') && !text.endsWith('\r\n')) this.report('MIME_BARE_LF', offset);
    if (closing) {
      multipart.closed = true;
      this.splitting--;
      return;
    }
    const { part } = multipart;
    const number = part.children.length + 1;
    const inDigest = part.type.subtype === 'digest';
    this.begin({ path: part.path, number, inDigest }, this.base + end);
  }

  // Bodies.

  /** Up to the next line that may be a boundary. */
  private flow(final: boolean): boolean {
    const { bytes } = this;
    const { length } = bytes;
    let { classes } = this;
    let i = this.at;
    while (i < length) {
      i = skip(bytes, i, classes);
      if (i === length) break;
      const code = bytes[i] as number;
      if (code === CR && i + 1 === length && !final) {
        this.at = i;
        return false;
      }
      const ends = code === LF ? 1 : code === CR && bytes[i + 1] === LF ? 2 : 0;
      if (ends === 0) {
        this.unusual(code, this.base + i);
        classes = this.classes;
        i++;
        continue;
      }
      this.lineEnd(i, ends);
      i += ends;
      if (bytes[i] === DASH && this.splitting > 0) break;
    }
    this.at = i;
    return true;
  }

  private lineEnd(at: number, ends: number): void {
    const offset = this.base + at;
    this.checkLength(offset);
    if (ends === 1) this.report('MIME_BARE_LF', offset);
    this.lineStart = offset + ends;
    this.newline = ends;
    this.lines++;
  }

  private checkLength(end: number): void {
    if (end - this.lineStart <= LINE_LIMIT) return;
    this.top.part.binary = true;
    this.report('MIME_LINE_TOO_LONG', this.lineStart);
  }

  private unusual(code: number, offset: number): void {
    const { part } = this.top;
    if (code === CR) {
      part.binary = true;
      this.report('MIME_BARE_CR', offset);
    } else if (code === 0) {
      part.binary = true;
      this.report('MIME_NUL', offset);
      this.classes = classesFor(part.eightBit, true);
    } else {
      part.eightBit = true;
      if (part.encoding === '7bit') this.report('MIME_8BIT_BODY', offset);
      this.classes = classesFor(true, this.classes[0] === 0);
    }
  }

  private deliver(to: number): void {
    const { top, delivered, base } = this;
    if (to <= delivered || top.inHeader) return;
    if (top.isLeaf && this.sink.onBody) {
      this.sink.onBody(top.part, this.bytes.subarray(delivered - base, to - base));
    }
    this.delivered = to;
  }

  private report(code: DefectCode, offset: number): void {
    this.log.add(code, offset, this.top.part);
  }

  private reportFor(part: GrowingPart): Report {
    return (code, offset) => this.log.add(code, offset, part);
  }
}

/** The hot loop: on to the next octet that needs attention. */
function skip(bytes: Uint8Array, start: number, classes: Uint8Array): number {
  const { length } = bytes;
  let i = start;
  while (i < length && classes[bytes[i] as number] === 0) i++;
  return i;
}
