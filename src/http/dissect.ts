/** What is said on a connection, as messages: for traces and captured files. */
import { concat } from '../lib/bytes.ts';
import { ProtocolError } from '../lib/errors.ts';
import type { Dissected, Dissector, Speaker, StreamDissector } from '../trace/index.ts';
import { type MessageRecord, messageFields } from './dissect-fields.ts';
import type { Framing, RequestHead, ResponseHead } from './types.ts';
import { RequestParser } from './wire/request-parser.ts';
import { ResponseParser } from './wire/response-parser.ts';
import { targetParts } from './wire/target.ts';
import { grouped } from './wire/tokens.ts';

/** Bytes of a message that are kept to show its fields; a large body is counted, not held. */
const KEPT_BYTES: number = 64 * 1024;

export const httpDissector: Dissector = {
  protocol: 'http',
  ports: [80, 443, 8080],
  stream: () => new HttpStream(),
};

class HttpStream implements StreamDissector {
  private readonly responses = new ResponseReader();
  private readonly requests = new RequestReader((method) => this.responses.expect(method));

  push(speaker: Speaker, bytes: Uint8Array): readonly Dissected[] {
    return (speaker === 'client' ? this.requests : this.responses).push(bytes);
  }

  end(speaker: Speaker): readonly Dissected[] {
    return (speaker === 'client' ? this.requests : this.responses).end();
  }
}

/** One direction: cuts what comes into messages, and keeps the beginning of each. */
abstract class Reader {
  protected head: RequestHead | ResponseHead | undefined;
  protected framing: Framing = { kind: 'none' };
  protected bodySize = 0;
  protected headSize = 0;
  /** Why the rest can't be read as messages. */
  private unreadable: string | undefined;
  private kept: Uint8Array[] = [];
  private keptSize = 0;
  private length = 0;
  private done: Dissected[] = [];

  push(bytes: Uint8Array): readonly Dissected[] {
    if (this.unreadable !== undefined) return this.opaque(bytes);
    let taken = 0;
    const cut = (buffered: number): void => {
      this.keep(bytes.subarray(taken, bytes.length - buffered));
      taken = bytes.length - buffered;
    };
    try {
      this.read(bytes, cut);
      this.keep(bytes.subarray(taken));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.keep(bytes.subarray(taken));
      this.broken(error);
    }
    return this.flush();
  }

  end(): readonly Dissected[] {
    if (this.unreadable !== undefined) return [];
    try {
      this.finishInput();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.broken(error);
    }
    return this.flush();
  }

  /** Feeds the parser; `cut` is told how many bytes are left at the end of each message. */
  protected abstract read(bytes: Uint8Array, cut: (buffered: number) => void): void;
  protected abstract finishInput(): void;
  protected abstract summary(): string;
  protected abstract readonly role: Dissected['role'];
  /** The message could not be read; its answer may still come. */
  protected abstract gaveUp(): void;

  /** The message under way is whole. */
  protected emit(
    role: Dissected['role'] = this.role,
    summary: string = this.summary(),
    malformed = false,
  ): void {
    const { head, framing, headSize, bodySize, length } = this;
    const record: MessageRecord = {
      bytes: concat(this.kept),
      length,
      head,
      framing,
      headSize,
      bodySize,
    };
    this.done.push({
      length,
      summary,
      role,
      ...(malformed ? { malformed } : {}),
      fields: () => messageFields(record),
    });
    this.kept = [];
    this.keptSize = 0;
    this.length = 0;
    this.head = undefined;
    this.framing = { kind: 'none' };
    this.bodySize = 0;
    this.headSize = 0;
  }

  /** From here on the bytes are no messages of HTTP. */
  protected stop(why: string): void {
    this.unreadable = why;
  }

  private broken(error: ProtocolError): void {
    this.gaveUp();
    if (isTls(this.kept[0])) {
      this.stop('of TLS');
      this.emit('other', `${grouped(this.length)} B of TLS`);
      return;
    }
    this.stop('after what could not be read');
    if (this.length === 0) return;
    const what = `malformed: ${error.message} (${error.spec ?? 'RFC 9112'})`;
    this.emit(this.role, this.head ? `${this.summary()}; ${what}` : what, true);
  }

  private opaque(bytes: Uint8Array): readonly Dissected[] {
    this.keep(bytes);
    this.emit('other', `${grouped(bytes.length)} B ${this.unreadable}`);
    return this.flush();
  }

  private keep(bytes: Uint8Array): void {
    this.length += bytes.length;
    const room = KEPT_BYTES - this.keptSize;
    if (room <= 0 || bytes.length === 0) return;
    const part = bytes.subarray(0, room);
    this.kept.push(part);
    this.keptSize += part.length;
  }

  private flush(): readonly Dissected[] {
    const { done } = this;
    this.done = [];
    return done;
  }
}

/** A record of a handshake (RFC 8446 §5.1): a tunnel, seen from outside. */
function isTls(bytes: Uint8Array | undefined): boolean {
  return bytes?.[0] === 0x16 && (bytes[1] ?? 3) === 3;
}

class RequestReader extends Reader {
  protected readonly role = 'request';
  private readonly parser = new RequestParser();
  private readonly expect: (method: string) => void;

  constructor(expect: (method: string) => void) {
    super();
    this.expect = expect;
  }

  protected read(bytes: Uint8Array, cut: (buffered: number) => void): void {
    this.parser.push(bytes);
    for (let event = this.parser.next(); event; event = this.parser.next()) {
      if (event.type === 'head') {
        this.head = event.head;
        this.framing = event.framing;
        this.headSize = event.bytes;
        this.expect(event.head.method);
      } else if (event.type === 'data') {
        this.bodySize += event.bytes.length;
      } else {
        cut(this.parser.buffered);
        this.emit();
      }
    }
  }

  protected finishInput(): void {
    this.parser.end();
  }

  protected gaveUp(): void {
    if (!this.head) this.expect('GET');
  }

  protected summary(): string {
    const { method, target, headers } = this.head as RequestHead;
    const { path, query, authority } = targetParts(target);
    const host = authority ?? headers.get('Host') ?? '';
    const size = this.bodySize > 0 ? `, ${grouped(this.bodySize)} B` : '';
    return `${method} ${path}${query === '' ? '' : `?${query}`} ${host}`.trim() + size;
  }
}

class ResponseReader extends Reader {
  protected readonly role = 'reply';
  private readonly parser = new ResponseParser();

  expect(method: string): void {
    this.parser.expect(method);
  }

  protected read(bytes: Uint8Array, cut: (buffered: number) => void): void {
    const { parser } = this;
    // A server may speak unasked, with 408 for example: that is shown, not refused.
    if (parser.outstanding === 0 && !this.head) parser.expect('GET');
    parser.push(bytes);
    for (let event = parser.next(); event; event = parser.next()) {
      if (event.type === 'data') {
        this.bodySize += event.bytes.length;
        continue;
      }
      if (event.type !== 'end') {
        this.head = event.head;
        this.headSize = event.bytes;
      }
      if (event.type === 'head') {
        this.framing = event.framing;
        continue;
      }
      cut(parser.buffered);
      // An interim answer must not be taken for the one that the request is paired with.
      this.emit(event.type === 'interim' ? 'other' : 'reply');
      if (event.type === 'switched') this.stop('of another protocol');
      else if (parser.outstanding === 0 && parser.buffered > 0) parser.expect('GET');
    }
  }

  protected finishInput(): void {
    if (this.parser.end()) this.emit();
  }

  protected gaveUp(): void {}

  protected summary(): string {
    const { status, reason, headers } = this.head as ResponseHead;
    const parts = [`${status} ${reason}`.trim()];
    const location = status >= 300 && status < 400 ? headers.get('Location') : undefined;
    if (location !== undefined) parts[0] += ` to ${location}`;
    if (this.bodySize > 0) {
      parts.push(`${grouped(this.bodySize)} B`);
      const type = headers.get('Content-Type')?.split(';')[0];
      if (type) parts.push(type);
    }
    return parts.join(', ');
  }
}
