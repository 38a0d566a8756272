/** A body on its way in: handed on as it comes to all who want it, and kept for the store. */
import type { Body, BodyWriter, ByteRange, HeaderList, PushBody } from '../http/index.ts';
import { concat } from '../lib/bytes.ts';
import { NO_HEADERS } from '../lib/ordered-headers.ts';
import { FINISH_LIMIT, PASSING_BUFFER } from './defaults.ts';
import type { Segment } from './types.ts';

export interface FillOptions {
  /** Where the body begins within the representation. */
  readonly start: number;
  /** Of this part; undefined when only the end will tell. */
  readonly length: number | undefined;
  /** What is there already, and is handed out before and behind what comes. */
  readonly before?: Uint8Array | undefined;
  readonly after?: Uint8Array | undefined;
  /** Asked for room for so many bytes more; false ends the keeping, not the passing on. */
  readonly keep: (bytes: number) => boolean;
  /** It is all there (and `kept` gives it), or it broke off: then as much as came. */
  readonly onOver: (complete: boolean) => void;
}

export type FillState = 'flowing' | 'done' | 'broken';

export class Fill {
  state: FillState = 'flowing';
  /** Why it broke off. */
  error: Error | undefined;
  readonly start: number;
  readonly length: number | undefined;
  private readonly body: Body;
  private readonly options: FillOptions;
  private chunks: Uint8Array[] = [];
  /** Chunks that were let go: the first one left has this number. */
  private dropped = 0;
  /** Bytes that have come so far, what was there before among them. */
  received = 0;
  private keeping = true;
  private waiting = false;
  private trailers: HeaderList = NO_HEADERS;
  private readonly readers = new Set<FillReader>();

  constructor(body: Body, options: FillOptions) {
    this.body = body;
    this.options = options;
    this.start = options.start;
    this.length = options.length;
  }

  /** Lets the body flow. */
  begin(): void {
    const { before } = this.options;
    if (before) this.take(before);
    this.body.attach({
      onData: (bytes) => this.take(bytes),
      onEnd: (trailers) => this.end(trailers),
      onError: (error) => {
        this.error = error;
        this.over('broken');
      },
    });
  }

  get complete(): boolean {
    return this.state === 'done';
  }

  /** True while the bytes are kept to be stored. */
  get kept(): boolean {
    return this.keeping;
  }

  /** What was kept, as one piece of its own. */
  segment(): Segment {
    return { start: this.start, bytes: concat([...this.chunks, new Uint8Array(0)]) };
  }

  /** All of it for one more reader, or the part within `range` of the representation. */
  reader(range?: ByteRange): PushBody {
    const from = (range?.start ?? this.start) - this.start;
    const to = range ? range.end - this.start : Number.POSITIVE_INFINITY;
    const length = range ? range.end - range.start : this.length;
    const start = (writer: BodyWriter): void => {
      const reader = new FillReader(this, writer, from, to);
      this.readers.add(reader);
      writer.onDrain(() => reader.drained());
      writer.onClose(() => this.leave(reader));
      reader.advance();
    };
    return { ...(length === undefined ? {} : { length }), start };
  }

  /** Chunk number `index`, if it has come. */
  chunk(index: number): Uint8Array | undefined {
    return this.chunks[index - this.dropped];
  }

  /** Where a reader that comes now begins. */
  get firstChunk(): number {
    return this.dropped;
  }

  finish(writer: BodyWriter): void {
    if (this.state === 'done') writer.end(this.trailers);
    else writer.abort();
  }

  /** A reader has moved on, or stands still: the origin waits for the slowest where nothing is kept. */
  moved(): void {
    if (this.keeping) return;
    this.dropRead();
    const backlog = this.chunks.reduce((sum, { length }) => sum + length, 0);
    const wait = backlog > PASSING_BUFFER;
    if (wait === this.waiting) return;
    this.waiting = wait;
    if (wait) this.body.pause();
    else this.body.resume();
  }

  private dropRead(): void {
    let needed = this.dropped + this.chunks.length;
    for (const reader of this.readers) needed = Math.min(needed, reader.index);
    this.chunks.splice(0, needed - this.dropped);
    this.dropped = needed;
  }

  private take(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.received += bytes.length;
    if (this.keeping && !this.options.keep(bytes.length)) this.keeping = false;
    this.chunks.push(bytes);
    for (const reader of [...this.readers]) reader.advance();
    this.moved();
  }

  private end(trailers: HeaderList): void {
    const { after } = this.options;
    if (after) this.take(after);
    this.trailers = trailers;
    this.over('done');
  }

  private over(state: FillState): void {
    if (this.state !== 'flowing') return;
    this.state = state;
    this.options.onOver(state === 'done');
    for (const reader of [...this.readers]) reader.advance();
  }

  private leave(reader: FillReader): void {
    this.readers.delete(reader);
    if (this.state !== 'flowing') return;
    if (this.readers.size > 0) this.moved();
    else this.unwanted();
  }

  /** Nobody waits for it any more, or ever did: it is given up where much is left to come. */
  unwanted(): void {
    if (this.readers.size > 0 || this.state !== 'flowing' || this.worthFinishing) return;
    this.body.cancel();
    this.over('broken');
  }

  private get worthFinishing(): boolean {
    if (!this.keeping || this.length === undefined) return false;
    const left = this.length - this.received;
    return left <= FINISH_LIMIT || left <= this.received;
  }
}

/** One client's place in the body. */
class FillReader {
  index: number;
  private readonly fill: Fill;
  private readonly writer: BodyWriter;
  /** Bytes still to skip, and still to write. */
  private skip: number;
  private left: number;
  private blocked = false;
  private over = false;

  constructor(fill: Fill, writer: BodyWriter, from: number, to: number) {
    this.fill = fill;
    this.writer = writer;
    this.index = fill.firstChunk;
    this.skip = from;
    this.left = to - from;
  }

  drained(): void {
    this.blocked = false;
    this.advance();
    this.fill.moved();
  }

  advance(): void {
    while (!this.blocked && !this.over) {
      const chunk = this.fill.chunk(this.index);
      if (!chunk) break;
      this.index++;
      this.write(chunk);
    }
    if (this.over || this.blocked) return;
    if (this.left === 0) this.end(() => this.writer.end());
    else if (this.fill.state !== 'flowing') this.end(() => this.fill.finish(this.writer));
  }

  private write(chunk: Uint8Array): void {
    const from = Math.min(this.skip, chunk.length);
    this.skip -= from;
    const part = chunk.subarray(from, from + Math.min(this.left, chunk.length - from));
    this.left -= part.length;
    if (part.length > 0 && !this.writer.write(part)) this.blocked = true;
  }

  private end(finish: () => void): void {
    this.over = true;
    finish();
  }
}
