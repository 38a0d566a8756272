/**
 * One connection from the server's side: requests in order, how long each thing may take, and
 * when the connection is over (RFC 9112 §9). Bytes and time in; events and a deadline out.
 */
import { LimitError, ProtocolError } from '../../lib/errors.ts';
import {
  BODY_LIMIT,
  BODY_TIMEOUT_MS,
  HALF_CLOSE_MS,
  HEADER_TIMEOUT_MS,
  LINGER_MS,
  MAX_REQUESTS,
  SEND_TIMEOUT_MS,
  SERVER_IDLE_MS,
} from '../defaults.ts';
import { tooLarge } from '../errors.ts';
import type { Framing, RequestHead } from '../types.ts';
import type { BodyEvent } from '../wire/body.ts';
import { RequestParser } from '../wire/request-parser.ts';
import { isPersistent } from './persistence.ts';

export interface ServerLimits {
  readonly idleMs: number;
  readonly headerMs: number;
  readonly bodyMs: number;
  readonly sendMs: number;
  readonly maxRequests: number;
  readonly bodyLimit: number;
}

export const SERVER_LIMITS: ServerLimits = {
  idleMs: SERVER_IDLE_MS,
  headerMs: HEADER_TIMEOUT_MS,
  bodyMs: BODY_TIMEOUT_MS,
  sendMs: SEND_TIMEOUT_MS,
  maxRequests: MAX_REQUESTS,
  bodyLimit: BODY_LIMIT,
};

export type ServerEvent =
  | { readonly type: 'request'; readonly head: RequestHead; readonly framing: Framing }
  | BodyEvent
  /** The client broke a rule: the answer says which, and the connection ends after it. */
  | { readonly type: 'refuse'; readonly error: ProtocolError | LimitError };

/**
 * Where a connection is. From each state, what it may become:
 * idle → head (first byte) → body → answering → idle | lingering → closed.
 */
export type ServerState = 'idle' | 'head' | 'body' | 'answering' | 'lingering' | 'closed';

/** What to do when a deadline has passed. */
export type Expiry = 'close' | 'request-timeout' | 'abort';

export class ServerConnection {
  private readonly limits: ServerLimits;
  private readonly parser = new RequestParser();
  private current: ServerState = 'idle';
  /** When the current state began, or when it last moved on. */
  private since: number;
  private requests = 0;
  private received = 0;
  private bodyDone = true;
  private answered = true;
  private persistent = true;
  /** The client has said that this is its last request (RFC 9112 §9.6). */
  private last = false;
  private inputOver = false;
  private refused = false;
  /** Since when a write has been waiting for the client. */
  private blockedSince: number | undefined;
  private unboundedSince: number | undefined;

  constructor(limits: ServerLimits, now: number) {
    this.limits = limits;
    this.since = now;
  }

  get state(): ServerState {
    return this.current;
  }

  /** Whether the connection lives on after the answer under way. */
  get keepAlive(): boolean {
    return this.persistent && !this.refused && !(this.inputOver && this.parser.buffered === 0);
  }

  /** Bytes that wait behind the request being answered. */
  get pending(): number {
    return this.parser.buffered;
  }

  /** Nothing is owed to the client, and nothing of a request has come. */
  get quiet(): boolean {
    return this.current === 'idle';
  }

  receive(bytes: Uint8Array, now: number): void {
    if (this.current === 'lingering' || this.current === 'closed') return;
    this.parser.push(bytes);
    if (this.current === 'idle') this.enter('head', now);
    else if (this.current === 'body') this.since = now;
  }

  /** What comes next: of the request under way, or the next request once that is answered. */
  next(now: number): ServerEvent | undefined {
    if (this.refused || this.current === 'lingering' || this.current === 'closed') return undefined;
    if (this.bodyDone && !this.answered) return undefined;
    try {
      return this.advance(now);
    } catch (error) {
      if (!(error instanceof ProtocolError || error instanceof LimitError)) throw error;
      return this.refuse(error, now);
    }
  }

  private advance(now: number): ServerEvent | undefined {
    const event = this.parser.next();
    if (!event) {
      if (this.inputOver) this.parser.end();
      return undefined;
    }
    if (event.type === 'head') {
      this.begin(event.head, event.framing, now);
      return { type: 'request', head: event.head, framing: event.framing };
    }
    if (event.type === 'data') {
      this.received += event.bytes.length;
      if (this.received > this.limits.bodyLimit) throw tooLarge(this.limits.bodyLimit);
      return event;
    }
    this.bodyDone = true;
    if (this.answered) this.rest(now);
    else this.enter('answering', now);
    return event;
  }

  private begin(head: RequestHead, framing: Framing, now: number): void {
    this.requests++;
    this.received = 0;
    this.bodyDone = false;
    this.answered = false;
    this.last = !isPersistent(head.version, head.headers);
    if (this.last) this.persistent = false;
    if (this.requests >= this.limits.maxRequests) this.persistent = false;
    this.enter('body', now);
    if (framing.kind === 'length' && framing.length > this.limits.bodyLimit) {
      throw tooLarge(this.limits.bodyLimit);
    }
  }

  private refuse(error: ProtocolError | LimitError, now: number): ServerEvent {
    this.refused = true;
    this.persistent = false;
    this.bodyDone = true;
    this.answered = false;
    this.enter('answering', now);
    return { type: 'refuse', error };
  }

  /** The client says no more: what it asked for is still answered. */
  endInput(): void {
    this.inputOver = true;
  }

  /** No further requests after the one under way. */
  finish(): void {
    this.persistent = false;
  }

  /**
   * The answer was given over to the network. True: the connection lives on. Of a body that the
   * handler did not want, what has already come is skipped; for more the connection is closed.
   */
  answerSent(now: number): boolean {
    this.answered = true;
    this.blockedSince = undefined;
    this.unboundedSince = undefined;
    if (!this.bodyDone) this.skipBody(now);
    if (!this.keepAlive || !this.bodyDone) return false;
    this.rest(now);
    return true;
  }

  private skipBody(now: number): void {
    for (let event = this.next(now); event; event = this.next(now)) {
      if (event.type === 'end' || event.type === 'refuse') return;
    }
  }

  private rest(now: number): void {
    this.enter(this.parser.buffered > 0 ? 'head' : 'idle', now);
  }

  /**
   * Our side has ended. True when the client has said its last word; else it may still be talking, and
   * is listened to for a while (RFC 9112 §9.6).
   */
  linger(now: number): boolean {
    this.enter('lingering', now);
    return this.last && this.bodyDone && !this.refused && this.parser.buffered === 0;
  }

  close(): void {
    this.current = 'closed';
  }

  /**
   * The connection changes its protocol: gives the bytes that came behind the request. Undefined
   * while the request is not all there (RFC 9110 §7.8).
   */
  detach(now: number): Uint8Array | undefined {
    if (!this.bodyDone && this.next(now)?.type !== 'end') return undefined;
    this.current = 'closed';
    return this.parser.takeRest();
  }

  /** A write is waiting for the client, or (false) has moved on. */
  blocked(waiting: boolean, now: number): void {
    this.blockedSince = waiting ? now : undefined;
  }

  /** The answer has no end in sight, and the client has ended its side. */
  unbounded(now: number): void {
    this.unboundedSince ??= now;
  }

  /** The handler reads the body slowly: that is not the client's fault. */
  readerBusy(now: number): void {
    if (this.current === 'body') this.since = now;
  }

  /** When `expire` must be asked, if nothing happens until then. */
  get deadline(): number | undefined {
    if (this.blockedSince !== undefined) return this.blockedSince + this.limits.sendMs;
    if (this.unboundedSince !== undefined) return this.unboundedSince + HALF_CLOSE_MS;
    switch (this.current) {
      case 'idle':
        return this.since + this.limits.idleMs;
      case 'head':
        return this.since + this.limits.headerMs;
      case 'body':
        return this.since + this.limits.bodyMs;
      case 'lingering':
        return this.since + LINGER_MS;
      default:
        return undefined;
    }
  }

  /** What the passing of the deadline means. */
  expire(now: number): Expiry | undefined {
    const { deadline } = this;
    if (deadline === undefined || now < deadline) return undefined;
    if (this.blockedSince !== undefined || this.unboundedSince !== undefined) return 'abort';
    if (this.current === 'head' || this.current === 'body') {
      this.refused = true;
      this.persistent = false;
      this.bodyDone = true;
      this.enter('answering', now);
      return 'request-timeout';
    }
    return this.current === 'idle' ? 'close' : 'abort';
  }

  private enter(state: ServerState, now: number): void {
    this.current = state;
    this.since = now;
  }
}
