/** Sends a body piece by piece at the pace of the client. */
import { utf8 } from '../lib/bytes.ts';
import { announceSettled, deferred } from '../lib/deferred.ts';
import { HeaderList, type HeadersInit } from '../lib/ordered-headers.ts';
import type { ResponseFrame } from './machine/response-framing.ts';
import type { BodySource, BodyWriter, PullBody } from './types.ts';
import { encodeChunk, encodeLastChunk } from './wire/serialize.ts';

/** The connection as a writer sees it. */
export interface Outlet {
  send(bytes: Uint8Array): boolean;
  /** A listener of the handler's has thrown. */
  report(error: unknown): void;
  /** The body is over: whole, or broken off. */
  over(complete: boolean): void;
}

export class ResponseWriter implements BodyWriter {
  private readonly coding: ResponseFrame['coding'];
  private readonly length: number | undefined;
  private readonly outlet: Outlet;
  private drainListener: (() => void) | undefined;
  private readonly closeListeners: (() => void)[] = [];
  private closed = false;
  sent = 0;

  constructor(coding: ResponseFrame['coding'], length: number | undefined, outlet: Outlet) {
    this.coding = coding;
    this.length = length;
    this.outlet = outlet;
  }

  /** True while only the handler knows when it will end. */
  get unbounded(): boolean {
    return this.length === undefined && !this.closed;
  }

  write(data: Uint8Array | string): boolean {
    if (this.closed) return true;
    const bytes = typeof data === 'string' ? utf8(data) : data;
    if (bytes.length === 0) return true;
    this.sent += bytes.length;
    // More than was announced would be read as the next answer.
    if (this.length !== undefined && this.sent > this.length) {
      this.abort();
      return true;
    }
    return this.outlet.send(this.coding === 'chunked' ? encodeChunk(bytes) : bytes);
  }

  end(trailers?: HeadersInit): void {
    if (this.closed) return;
    const complete = this.length === undefined || this.sent === this.length;
    if (this.coding === 'chunked') this.outlet.send(encodeLastChunk(HeaderList.from(trailers)));
    this.close();
    this.outlet.over(complete);
  }

  abort(): void {
    if (this.closed) return;
    this.close();
    this.outlet.over(false);
  }

  onDrain(f: () => void): void {
    this.drainListener = f;
  }

  onClose(f: () => void): void {
    if (this.closed) f();
    else this.closeListeners.push(f);
  }

  drained(): void {
    if (this.drainListener) this.tell(this.drainListener);
  }

  /** No more can be written, for whatever reason. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const listener of this.closeListeners.splice(0)) this.tell(listener);
  }

  private tell(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.outlet.report(error);
    }
  }
}

/** Pulls a body through a writer; ends it in good order, or breaks it off where the source does. */
export async function pump(
  source: PullBody,
  writer: ResponseWriter,
  report: (error: unknown) => void,
): Promise<void> {
  const iterator = source[Symbol.asyncIterator]();
  let ready = deferred<void>();
  let closed = false;
  writer.onDrain(() => ready.resolve());
  writer.onClose(() => {
    closed = true;
    ready.resolve();
  });
  try {
    while (!closed) {
      announceSettled();
      const { done, value } = await iterator.next();
      if (done) {
        writer.end();
        return;
      }
      ready = deferred();
      if (!closed && !writer.write(value)) await ready.promise;
    }
    await iterator.return?.();
  } catch (error) {
    report(error);
    writer.abort();
  }
}

/** Lets the source of an answer go that nobody will get any more. */
export function discard(body: BodySource | undefined): void {
  if (typeof body !== 'object' || !(Symbol.asyncIterator in body)) return;
  body[Symbol.asyncIterator]()
    .return?.()
    .catch(() => undefined);
}
