/**
 * One connection from the client's side: one request after another, each with its answer
 * (RFC 9112 §9). Bytes in; events out.
 */
import { broken } from '../errors.ts';
import type { RequestHead } from '../types.ts';
import { type ResponseEvent, ResponseParser } from '../wire/response-parser.ts';
import { isPersistent } from './persistence.ts';

/** idle → waiting (request sent) → receiving (head of the answer came) → idle, or waiting for the next answer */
export type ClientState = 'idle' | 'waiting' | 'receiving';

export class ClientConnection {
  private readonly parser = new ResponseParser();
  private current: ClientState = 'idle';
  private persistent = true;

  get state(): ClientState {
    return this.current;
  }

  /** Whether a next request may be sent once the answer under way has come. */
  get reusable(): boolean {
    return this.persistent && (this.current !== 'idle' || this.parser.buffered === 0);
  }

  /** A request is being sent. */
  sent(head: RequestHead): void {
    this.parser.expect(head.method);
    this.persistent &&= isPersistent(head.version, head.headers);
    if (this.current === 'idle') this.current = 'waiting';
  }

  /** Bytes that wait to be read. */
  get pending(): number {
    return this.parser.buffered;
  }

  receive(bytes: Uint8Array): void {
    this.parser.push(bytes);
  }

  /** What comes next of the answer. Throws ProtocolError, and then the connection must be closed. */
  next(): ResponseEvent | undefined {
    const event = this.parser.next();
    if (!event) return undefined;
    if (event.type === 'head') {
      this.current = 'receiving';
      this.persistent &&= isPersistent(event.head.version, event.head.headers);
      if (event.framing.kind === 'close') this.persistent = false;
    } else if (event.type === 'switched') {
      this.persistent = false;
    } else if (event.type === 'end') {
      this.current = this.parser.outstanding > 0 ? 'waiting' : 'idle';
    }
    return event;
  }

  /** The server will send no more: the end of a body that ends so, or ProtocolError HTTP_INCOMPLETE. */
  endInput(): ResponseEvent | undefined {
    this.persistent = false;
    const last = this.parser.end();
    if (last) this.current = 'idle';
    if (!last && this.current === 'waiting') {
      const text = 'The server closed the connection without an answer';
      throw broken('HTTP_INCOMPLETE', text, 'RFC 9112 §8', 0);
    }
    return last;
  }

  /** What came behind the head that changed the protocol. */
  takeRest(): Uint8Array {
    return this.parser.takeRest();
  }

  /** True when nothing of the answer has come: the request may be tried elsewhere (RFC 9112 §9.3.1). */
  get untouched(): boolean {
    return this.current === 'waiting' && this.parser.buffered === 0;
  }
}
