/** Requests from bytes, whole or one byte at a time (RFC 9112 §2, §3). */
import { broken } from '../errors.ts';
import type { Framing, RequestHead, Version } from '../types.ts';
import { type BodyEvent, BodyReader, END } from './body.ts';
import { parseFields } from './fields.ts';
import { requestFraming } from './framing.ts';
import { Gather } from './gather.ts';
import { HeadScanner, type HeadText } from './head.ts';
import { checkHost, checkTarget } from './target.ts';
import { isToken } from './tokens.ts';
import { parseVersion } from './version.ts';

export interface RequestHeadEvent {
  readonly type: 'head';
  readonly head: RequestHead;
  readonly framing: Framing;
  /** Bytes of the head, with its empty line and what was skipped before it. */
  readonly bytes: number;
}

export type RequestEvent = RequestHeadEvent | BodyEvent;

/** The methods of RFC 9110 §9 and PATCH: known at a glance, others are looked at closely. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH']);

export class RequestParser {
  private readonly input = new Gather();
  private readonly scanner = new HeadScanner('request');
  private body: BodyReader | undefined;
  private bodiless = false;

  /** Bytes that came and were not given out yet. */
  get buffered(): number {
    return this.input.length;
  }

  /** True between messages: nothing of a next one has come. */
  get idle(): boolean {
    return !this.body && !this.bodiless && this.input.length === 0 && this.scanner.idle;
  }

  push(bytes: Uint8Array): void {
    this.input.push(bytes);
  }

  /** What comes next, or undefined while it is not all there. Throws ProtocolError; then the parser is done for. */
  next(): RequestEvent | undefined {
    if (this.bodiless) {
      this.bodiless = false;
      return END;
    }
    if (!this.body) return this.head();
    const event = this.body.next(this.input);
    if (event?.type === 'end') this.body = undefined;
    return event;
  }

  /** The client will send no more. Throws ProtocolError HTTP_INCOMPLETE within a message. */
  end(): void {
    if (this.body) this.body.end();
    if (this.idle || this.bodiless) return;
    throw broken('HTTP_INCOMPLETE', 'The connection ended within a head', 'RFC 9112 §8', 0);
  }

  /** What is left when the connection changes its protocol. */
  takeRest(): Uint8Array {
    return this.input.take(this.input.length);
  }

  private head(): RequestHeadEvent | undefined {
    const found = this.scanner.scan(this.input);
    if (!found) return undefined;
    const head = parseRequestHead(found);
    checkHost(head.headers, head.version);
    const framing = requestFraming(head.headers, head.version);
    if (framing.kind === 'none' || (framing.kind === 'length' && framing.length === 0)) {
      this.bodiless = true;
    } else {
      this.body = new BodyReader(framing);
    }
    return { type: 'head', head, framing, bytes: found.bytes };
  }
}

function parseRequestHead({ text, eol, lineEnd, base }: HeadText): RequestHead {
  const first = text.indexOf(' ');
  if (first <= 0 || first >= lineEnd) throw badLine(text.slice(0, lineEnd), base);
  const last = text.lastIndexOf(' ', lineEnd - 1);
  const method = text.slice(0, first);
  if (!METHODS.has(method) && !isToken(method)) {
    const message = `Not a method: ${JSON.stringify(method.slice(0, 40))}`;
    throw broken('HTTP_BAD_METHOD', message, 'RFC 9110 §9.1', base);
  }
  if (last <= first) throw badLine(text.slice(0, lineEnd), base);
  const target = text.slice(first + 1, last);
  const version = requestVersion(text.slice(last + 1, lineEnd), base + last + 1);
  if (target === '' || target.includes(' ')) throw badLine(text.slice(0, lineEnd), base);
  checkTarget(method, target, base + first + 1);
  const headers = parseFields(text, lineEnd + eol.length, text.length, eol, base);
  return { method, target, version, headers };
}

function requestVersion(text: string, offset: number): Version {
  if (text === 'HTTP/1.1') return '1.1';
  return parseVersion(text, offset);
}

function badLine(line: string, offset: number): Error {
  const text =
    line.split(' ').length === 2
      ? `${JSON.stringify(line.slice(0, 60))} has no version: a request line is METHOD TARGET HTTP/1.1`
      : `A request line is METHOD TARGET HTTP/1.1, with single spaces: ${JSON.stringify(line.slice(0, 60))}`;
  return broken('HTTP_BAD_REQUEST_LINE', text, 'RFC 9112 §3', offset);
}
