/** Responses from bytes, each read with the method that it answers in mind (RFC 9112 §4, §6.3). */
import { INTERIM_LIMIT } from '../defaults.ts';
import { broken } from '../errors.ts';
import type { Framing, ResponseHead } from '../types.ts';
import { type BodyEvent, BodyReader, END } from './body.ts';
import { parseFields } from './fields.ts';
import { responseFraming } from './framing.ts';
import { Gather } from './gather.ts';
import { HeadScanner, type HeadText } from './head.ts';
import { parseVersion } from './version.ts';

export interface ResponseHeadEvent {
  readonly type: 'head';
  readonly head: ResponseHead;
  readonly framing: Framing;
  readonly bytes: number;
}

/** A 1xx answer: the final one is still to come. */
export interface InterimEvent {
  readonly type: 'interim';
  readonly head: ResponseHead;
  readonly bytes: number;
}

/** The connection speaks another protocol from here on: after 101, or 2xx to CONNECT. */
export interface SwitchedEvent {
  readonly type: 'switched';
  readonly head: ResponseHead;
  readonly bytes: number;
}

export type ResponseEvent = ResponseHeadEvent | InterimEvent | SwitchedEvent | BodyEvent;

export class ResponseParser {
  private readonly input = new Gather();
  private readonly scanner = new HeadScanner('response');
  private readonly methods: string[] = [];
  private body: BodyReader | undefined;
  private bodiless = false;
  private switched = false;
  private interims = 0;

  get buffered(): number {
    return this.input.length;
  }

  /** Requests that have no final response yet. */
  get outstanding(): number {
    return this.methods.length;
  }

  /** A request of this method was sent: its response follows those of the requests before. */
  expect(method: string): void {
    this.methods.push(method);
  }

  push(bytes: Uint8Array): void {
    this.input.push(bytes);
  }

  /** What comes next, or undefined while it is not all there. Throws ProtocolError; then the parser is done for. */
  next(): ResponseEvent | undefined {
    if (this.switched) return undefined;
    if (this.bodiless) {
      this.bodiless = false;
      return END;
    }
    if (!this.body) return this.head();
    const event = this.body.next(this.input);
    if (event?.type === 'end') this.body = undefined;
    return event;
  }

  /** The server will send no more: gives the end of a body that ends so. Throws HTTP_INCOMPLETE within a message. */
  end(): BodyEvent | undefined {
    if (this.body) {
      const event = this.body.end();
      this.body = undefined;
      return event;
    }
    if (this.bodiless || this.switched) return undefined;
    if (this.input.length === 0) return undefined;
    throw broken('HTTP_INCOMPLETE', 'The connection ended within a head', 'RFC 9112 §8', 0);
  }

  takeRest(): Uint8Array {
    return this.input.take(this.input.length);
  }

  private head(): ResponseEvent | undefined {
    if (this.input.length === 0) return undefined;
    const method = this.methods[0];
    if (method === undefined) {
      const text = 'Bytes from the server that no request asked for';
      throw broken('HTTP_UNEXPECTED', text, 'RFC 9112 §6.3', 0);
    }
    const found = this.scanner.scan(this.input);
    if (!found) return undefined;
    const head = parseResponseHead(found);
    if (head.status < 200 && head.status !== 101) return this.interim(head, found.bytes);
    this.methods.shift();
    this.interims = 0;
    if (head.status === 101 || (method === 'CONNECT' && head.status < 300)) {
      this.switched = true;
      return { type: 'switched', head, bytes: found.bytes };
    }
    const framing = responseFraming(head.headers, head.version, head.status, method);
    if (framing.kind === 'none' || (framing.kind === 'length' && framing.length === 0)) {
      this.bodiless = true;
    } else {
      this.body = new BodyReader(framing);
    }
    return { type: 'head', head, framing, bytes: found.bytes };
  }

  private interim(head: ResponseHead, bytes: number): InterimEvent {
    if (++this.interims > INTERIM_LIMIT) {
      const text = `More than ${INTERIM_LIMIT} interim responses`;
      throw broken('HTTP_UNEXPECTED', text, 'RFC 9110 §15.2', 0);
    }
    return { type: 'interim', head, bytes };
  }
}

function parseResponseHead({ text, eol, lineEnd }: HeadText): ResponseHead {
  const line = text.slice(0, lineEnd);
  const space = line.indexOf(' ');
  const version = parseVersion(space < 0 ? line : line.slice(0, space), 0);
  // The space before an empty reason is often forgotten, and nothing depends on it.
  const match = /^([1-9][0-9][0-9])(?: (.*))?$/.exec(line.slice(space + 1));
  if (!match || space < 0) {
    const message = `Not a status line: ${JSON.stringify(line.slice(0, 60))}`;
    throw broken('HTTP_BAD_STATUS_LINE', message, 'RFC 9112 §4', Math.max(0, space + 1));
  }
  const headers = parseFields(text, lineEnd + eol.length, text.length, eol, 0);
  return { version, status: Number(match[1]), reason: match[2] ?? '', headers };
}
