/** One connection of a client: sends a request, brings the answer, and can be used again. */
import { concat, utf8 } from '../lib/bytes.ts';
import { announceSettled, type Deferred, deferred } from '../lib/deferred.ts';
import { AppError, NetworkError } from '../lib/errors.ts';
import type { CloseReason, Connection, ConnectionHandler, Host, Timer } from '../net/index.ts';
import { BODY_TIMEOUT_MS, ONE_WRITE_LIMIT } from './defaults.ts';
import { EMPTY_BODY, IncomingBody } from './incoming-body.ts';
import { ClientConnection } from './machine/client-connection.ts';
import { framed, type OutgoingStream } from './outgoing-stream.ts';
import type { RequestHead, ResponseHead, Switched } from './types.ts';
import type { ResponseEvent, ResponseHeadEvent } from './wire/response-parser.ts';
import { encodeRequestHead } from './wire/serialize.ts';

/** What can be sent as a body. */
export type OutgoingBody = string | Uint8Array | OutgoingStream;

export interface Answer {
  readonly head: ResponseHead;
  readonly body: IncomingBody;
  /** After 101, or 2xx to CONNECT. */
  readonly switched?: Switched;
}

/** When each step of an exchange was reached; 0 while it was not. */
export interface ExchangeTimes {
  sentAt: number;
  firstByteAt: number;
  endAt: number;
  /** Called when the exchange is over, well or badly. */
  readonly onOver: () => void;
}

/** One request under way. */
interface Call {
  readonly answer: Deferred<Answer>;
  readonly times: ExchangeTimes;
  readonly onInterim: ((head: ResponseHead) => void) | undefined;
  /** The request asks for another protocol. */
  readonly maySwitch: boolean;
  body: IncomingBody | undefined;
  uploading: boolean;
}

export class ClientConversation implements ConnectionHandler {
  readonly connection: Connection;
  private readonly host: Host;
  private readonly machine = new ClientConnection();
  /** Told when the connection is free for the next request, and when it is over. */
  private readonly onFree: (conversation: ClientConversation) => void;
  /** The one whose answer comes now. */
  private call: Call | undefined;
  /** Those that were sent behind it without waiting, in order. */
  private readonly behind: Call[] = [];
  private drained: Deferred<void> | undefined;
  private paused = false;
  private timer: Timer | undefined;
  private lastNews = 0;
  private over = false;
  private inputOver = false;
  /** How many requests were sent here. */
  requests = 0;

  constructor(host: Host, connection: Connection, onFree: (c: ClientConversation) => void) {
    this.host = host;
    this.connection = connection;
    this.onFree = onFree;
    connection.attach(this);
  }

  get alive(): boolean {
    return !this.over;
  }

  /** Ready for a request at once. */
  get free(): boolean {
    return !this.over && !this.call && this.machine.reusable;
  }

  /** True when the server closed before it said anything to the last request. */
  get untouched(): boolean {
    return this.machine.untouched;
  }

  /**
   * Sends a request; resolves with the head of the answer and the body to come. Called while another
   * is under way, it pipelines: then nothing may have a body that is a stream.
   */
  exchange(
    head: RequestHead,
    body: OutgoingBody | undefined,
    times: ExchangeTimes,
    onInterim?: (head: ResponseHead) => void,
  ): Promise<Answer> {
    const maySwitch = head.method === 'CONNECT' || head.headers.has('Upgrade');
    const call: Call = {
      answer: deferred(),
      times,
      onInterim,
      maySwitch,
      body: undefined,
      uploading: false,
    };
    const bytes = encodeRequestHead(head);
    if (this.call) this.behind.push(call);
    else this.call = call;
    this.requests++;
    this.machine.sent(head);
    times.sentAt = this.host.clock.now();
    if (body === undefined) this.connection.write(bytes);
    else if (typeof body === 'string' || body instanceof Uint8Array) this.sendWhole(bytes, body);
    else void this.sendStream(call, bytes, body);
    return call.answer.promise;
  }

  private sendWhole(head: Uint8Array, body: string | Uint8Array): void {
    const bytes = typeof body === 'string' ? utf8(body) : body;
    if (bytes.length <= ONE_WRITE_LIMIT) {
      this.connection.write(concat([head, bytes]));
    } else {
      this.connection.write(head);
      this.connection.write(bytes);
    }
  }

  private async sendStream(call: Call, head: Uint8Array, body: OutgoingStream): Promise<void> {
    call.uploading = true;
    this.connection.write(head);
    try {
      for await (const bytes of framed(body)) {
        if (this.call !== call) return;
        if (!this.connection.write(bytes)) {
          this.drained ??= deferred();
          await this.drained.promise;
        }
        announceSettled();
      }
      call.uploading = false;
    } catch (error) {
      if (this.call === call) this.destroy(error instanceof Error ? error : new Error(`${error}`));
    }
  }

  onData(bytes: Uint8Array): void {
    this.lastNews = this.host.clock.now();
    const { call } = this;
    if (!call) {
      // What nobody asked for must not become the answer to the next request (RFC 9112 §6.3).
      this.destroy();
      return;
    }
    if (call.times.firstByteAt === 0) call.times.firstByteAt = this.lastNews;
    this.machine.receive(bytes);
    this.run();
  }

  onEnd(): void {
    this.inputOver = true;
    this.run();
    if (!this.call) this.end();
  }

  onDrain(): void {
    this.drained?.resolve();
    this.drained = undefined;
  }

  onClose(why: CloseReason): void {
    if (why.kind === 'end') {
      // What has come may still be read.
      this.inputOver = true;
      this.run();
    } else {
      this.fail(why.error ?? new NetworkError('closed', 'the connection was closed'));
    }
    this.retire();
  }

  /** Gives up the exchange with these times, if it is still under way. */
  cancel(times: ExchangeTimes, error: Error): void {
    const calls = [this.call, ...this.behind];
    if (calls.some((call) => call?.times === times)) this.destroy(error);
  }

  /** Gives the connection up, with what is under way. */
  destroy(error?: Error): void {
    this.fail(error ?? new NetworkError('aborted', 'the connection was given up'));
    this.connection.destroy();
    this.retire();
  }

  /** Closes a connection that nobody uses. */
  end(): void {
    this.retire();
    this.connection.end();
  }

  private run(): void {
    try {
      while (this.call && this.bodyOpen) {
        const event = this.machine.next() ?? (this.inputOver ? this.machine.endInput() : undefined);
        if (!event) break;
        this.take(event, this.call);
      }
    } catch (error) {
      this.fail(error as Error);
      this.connection.destroy();
      this.retire();
    }
    this.throttle();
  }

  private get bodyOpen(): boolean {
    const body = this.call?.body;
    return body === undefined || body.open;
  }

  private take(event: ResponseEvent, call: Call): void {
    if (event.type === 'head') this.begin(call, event);
    else if (event.type === 'interim') call.onInterim?.(event.head);
    else if (event.type === 'data') call.body?.push(event.bytes);
    else if (event.type === 'end') this.finish(event.trailers);
    else this.switchOver(call, event.head);
  }

  /** HTTP ends here on this connection: it is the caller's, who alone can have asked for it. */
  private switchOver(call: Call, head: ResponseHead): void {
    if (!call.maySwitch) {
      throw new AppError('HTTP_UNEXPECTED', 'the server changed the protocol unasked');
    }
    this.leave(call);
    this.retire();
    this.connection.pause();
    const switched = { connection: this.connection, early: this.machine.takeRest() };
    call.answer.resolve({ head, body: EMPTY_BODY, switched });
  }

  private begin(call: Call, { head, framing }: ResponseHeadEvent): void {
    const length = framing.kind === 'length' ? framing.length : undefined;
    const body = new IncomingBody(length, {
      wanted: () => {
        this.lastNews = this.host.clock.now();
        this.run();
      },
      cancelled: () => this.abandon(call),
    });
    call.body = body;
    this.watch();
    call.answer.resolve({ head, body });
  }

  /** Nobody reads the rest: closing costs less than reading what may be endless. */
  private abandon(call: Call): void {
    if (this.call !== call) return;
    this.leave(call);
    this.destroy(new NetworkError('closed', 'an answer before it was given up'));
  }

  private finish(trailers: IncomingBody['trailers']): void {
    const { call } = this;
    if (!call) return;
    this.leave(call);
    call.body?.finish(trailers);
    if (!this.machine.reusable || call.uploading) {
      this.fail(
        new NetworkError('closed', 'the server closes the connection after another answer'),
      );
      this.end();
    } else if (!this.call) {
      this.onFree(this);
    }
  }

  private fail(error: Error): void {
    this.onDrain();
    for (let call = this.call; call; call = this.call) {
      this.leave(call);
      if (call.body) call.body.fail(error);
      else call.answer.reject(error);
    }
  }

  /** The exchange is over; the next one's answer may be here already. */
  private leave(call: Call): void {
    this.call = this.behind.shift();
    this.timer?.cancel();
    this.timer = undefined;
    call.times.endAt = this.host.clock.now();
    call.times.onOver();
    if (this.call && this.machine.pending > 0) this.call.times.firstByteAt = this.lastNews;
  }

  private retire(): void {
    if (this.over) return;
    this.over = true;
    this.timer?.cancel();
    this.onFree(this);
  }

  private throttle(): void {
    const wait = !this.bodyOpen;
    if (wait === this.paused || this.over) return;
    this.paused = wait;
    if (wait) this.connection.pause();
    else this.connection.resume();
  }

  /** A body that is wanted and does not come for too long is given up. */
  private watch(): void {
    this.timer?.cancel();
    this.timer = this.host.clock.setTimer(BODY_TIMEOUT_MS, () => {
      const silent = this.host.clock.now() - this.lastNews;
      if (this.paused || silent < BODY_TIMEOUT_MS) this.watch();
      else this.destroy(new NetworkError('timeout', `nothing came for ${BODY_TIMEOUT_MS} ms`));
    });
  }
}
