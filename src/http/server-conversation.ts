/** One client's connection to a server: drives the machine, the handler and the writes. */
import { announceSettled } from '../lib/deferred.ts';
import type { HeaderList } from '../lib/ordered-headers.ts';
import type {
  CloseReason,
  Connection,
  ConnectionHandler,
  Conversation,
  Host,
} from '../net/index.ts';
import type { Timed } from './deadlines.ts';
import { PIPELINE_BUFFER } from './defaults.ts';
import { broken } from './errors.ts';
import {
  type AnswerFrame,
  CONTINUE,
  cannotSwitch,
  type Exchange,
  frameAnswer,
  headText,
  newExchange,
  outcomeOf,
  unknownExpectation,
  wholeAnswer,
} from './exchange.ts';
import { switches } from './machine/response-framing.ts';
import { ServerConnection, type ServerEvent } from './machine/server-connection.ts';
import { Outbox } from './outbox.ts';
import { errorResponse } from './pages.ts';
import { discard, pump, ResponseWriter } from './response-writer.ts';
import { ServerContext, ServerRequest } from './server-request.ts';
import type { ServerShared } from './server-shared.ts';
import { TakenConnection } from './taken-connection.ts';
import type { Framing, PullBody, PushBody, RequestHead, Response } from './types.ts';
import { encodeResponseHead, headBytes } from './wire/serialize.ts';
import { reasonFor } from './wire/status.ts';

export class ServerConversation implements Conversation, ConnectionHandler, Timed {
  readonly connection: Connection;
  private readonly shared: ServerShared;
  private readonly machine: ServerConnection;
  private exchange: Exchange | undefined;
  private running = false;
  private paused = false;
  private readonly outbox: Outbox;

  constructor(shared: ServerShared, connection: Connection) {
    this.shared = shared;
    this.connection = connection;
    const now = shared.host.clock.now();
    this.machine = new ServerConnection(shared.limits, now);
    this.outbox = new Outbox(connection, () => this.congested());
    connection.attach(this);
    shared.deadlines.add(this, now);
  }

  get host(): Host {
    return this.shared.host;
  }

  onData(bytes: Uint8Array): void {
    this.machine.receive(bytes, this.host.clock.now());
    this.run();
  }

  onEnd(): void {
    this.machine.endInput();
    if (this.machine.quiet) this.endConnection();
    else this.run();
    if (this.exchange?.writer?.unbounded) this.machine.unbounded(this.host.clock.now());
    this.arm(this.host.clock.now());
  }

  onDrain(): void {
    const now = this.host.clock.now();
    this.outbox.drained();
    this.machine.blocked(false, now);
    this.exchange?.writer?.drained();
    this.run();
  }

  onClose(_why: CloseReason): void {
    this.machine.close();
    this.shared.deadlines.delete(this);
    const { exchange } = this;
    this.exchange = undefined;
    if (exchange) {
      exchange.context.left();
      exchange.body.fail(broken('HTTP_INCOMPLETE', 'The client went away', 'RFC 9112 §8', 0));
      exchange.writer?.close();
      this.tell(exchange, false);
    }
    this.shared.gone(this);
  }

  finish(): void {
    this.machine.finish();
    if (this.machine.quiet) this.endConnection();
  }

  destroy(): void {
    this.connection.destroy();
  }

  /** Takes what the machine gives, as long as the client can take the answers. */
  private run(): void {
    if (this.running) return;
    this.running = true;
    const now = this.host.clock.now();
    try {
      while (!this.outbox.congested && this.bodyOpen) {
        const event = this.machine.next(now);
        if (!event) break;
        this.take(event, now);
      }
    } catch (error) {
      this.giveUp(error);
    } finally {
      this.running = false;
      this.outbox.flush();
      this.throttle();
      this.arm(now);
    }
  }

  private get bodyOpen(): boolean {
    const body = this.exchange?.body;
    return body === undefined || body.open;
  }

  private take(event: ServerEvent, now: number): void {
    if (event.type === 'request') this.begin(event.head, event.framing, now);
    else if (event.type === 'data') this.exchange?.body.push(event.bytes);
    else if (event.type === 'end') this.exchange?.body.finish(event.trailers);
    else this.refuse(event.error, now);
  }

  private begin(head: RequestHead, framing: Framing, now: number): void {
    const exchange = this.newExchange(head, framing, now);
    this.exchange = exchange;
    if (head.headers.has('Expect') && !this.expected(exchange, head)) return;
    const { connection, shared } = this;
    const request = new ServerRequest(head, exchange.body, connection.local, shared.scheme);
    try {
      const answer = this.shared.handler(request, exchange.context);
      if ('then' in answer) this.await(exchange, answer);
      else this.answer(exchange, answer, now);
    } catch (error) {
      this.fail(exchange, error);
    }
  }

  private newExchange(head: RequestHead | undefined, framing: Framing, now: number): Exchange {
    const flow = { wanted: () => this.bodyWanted(), cancelled: () => this.run() };
    return newExchange(head, framing, flow, new ServerContext(this), now);
  }

  /** RFC 9110 §10.1.1. False when the expectation is refused. */
  private expected(exchange: Exchange, head: RequestHead): boolean {
    const fault = unknownExpectation(head);
    if (fault) {
      this.fail(exchange, fault);
      return false;
    }
    exchange.continueOwed = head.version !== '1.0' && !exchange.body.done;
    return true;
  }

  /** Somebody reads the body now: the client may send it. */
  private bodyWanted(): void {
    const { exchange } = this;
    if (exchange?.continueOwed && !exchange.headSent) {
      exchange.continueOwed = false;
      this.send(CONTINUE);
    }
    this.machine.readerBusy(this.host.clock.now());
    this.run();
  }

  private await(exchange: Exchange, answer: Promise<Response>): void {
    answer.then(
      (response) => this.answer(exchange, response, this.host.clock.now()),
      (error: unknown) => this.fail(exchange, error),
    );
    announceSettled();
  }

  private refuse(error: Error, now: number): void {
    const exchange = this.exchange ?? this.newExchange(undefined, { kind: 'none' }, now);
    this.exchange = exchange;
    exchange.body.fail(error);
    if (!exchange.headSent) this.answer(exchange, errorResponse(error), now);
  }

  private fail(exchange: Exchange, error: unknown): void {
    const response = errorResponse(error);
    if (response.status === 500) this.shared.report(error);
    if (exchange.headSent) exchange.writer?.abort();
    else this.answer(exchange, response, this.host.clock.now());
  }

  /** Sends an answer, unless the exchange was over before it came. */
  private answer(exchange: Exchange, response: Response, now: number): void {
    if (this.exchange !== exchange || exchange.headSent) {
      discard(response.body);
      return;
    }
    // A client told to wait for 100 may or may not send its body now: nobody could tell what comes next.
    const persistent = this.machine.keepAlive && !exchange.continueOwed;
    let text: string;
    let frame: AnswerFrame;
    try {
      if (this.sendFrozen(exchange, response, persistent, now)) return;
      frame = frameAnswer(exchange.head, response, persistent);
      text = headText(response, frame, this.shared.commonLines(now));
    } catch (error) {
      this.fail(exchange, error);
      return;
    }
    if (switches(exchange.head?.method, response.status)) {
      this.switchOver(exchange, response, text, now);
      return;
    }
    const { body } = frame;
    exchange.headSent = true;
    exchange.status = response.status;
    if (!frame.keepAlive) this.machine.finish();
    if (body === undefined) discard(response.body);
    if (body === undefined || body instanceof Uint8Array)
      this.sendWhole(exchange, wholeAnswer(text, body), body?.length ?? 0, now);
    else this.sendStream(exchange, text, frame, body);
  }

  /** HTTP ends here on this connection: from now on it is the handler's (RFC 9110 §7.8, §9.3.6). */
  private switchOver(exchange: Exchange, response: Response, text: string, now: number): void {
    const early = response.takeover && this.machine.detach(now);
    if (!early) {
      this.fail(exchange, cannotSwitch(response));
      return;
    }
    exchange.headSent = true;
    exchange.status = response.status;
    this.exchange = undefined;
    this.send(headBytes(text));
    this.outbox.flush();
    this.shared.deadlines.delete(this);
    this.paused = false;
    this.connection.pause();
    this.tell(exchange, true);
    const connection = new TakenConnection(this.connection, () => this.shared.gone(this));
    response.takeover?.({ connection, early });
  }

  /** The short way of an answer that was given before. */
  private sendFrozen(
    exchange: Exchange,
    response: Response,
    persistent: boolean,
    now: number,
  ): boolean {
    const { frozen } = this.shared;
    const common = this.shared.commonLines(now);
    const bytes = frozen.bytes(exchange.head, response, common, persistent);
    if (!bytes) return false;
    if (!persistent) this.machine.finish();
    exchange.headSent = true;
    exchange.status = response.status;
    this.sendWhole(exchange, [bytes], (response.body as Uint8Array).length, now);
    return true;
  }

  private sendWhole(
    exchange: Exchange,
    pieces: readonly Uint8Array[],
    length: number,
    now: number,
  ): void {
    for (const bytes of pieces) this.send(bytes);
    exchange.sent = length;
    this.over(exchange, true, now);
  }

  private sendStream(
    exchange: Exchange,
    text: string,
    frame: AnswerFrame,
    body: PullBody | PushBody,
  ): void {
    const writer = new ResponseWriter(frame.coding, body.length, {
      send: (bytes) => this.send(bytes),
      report: (error) => this.shared.report(error),
      over: (complete) => {
        exchange.sent = writer.sent;
        this.over(exchange, complete, this.host.clock.now());
      },
    });
    exchange.writer = writer;
    this.send(headBytes(text));
    if ('start' in body) this.start(body, writer);
    else void pump(body, writer, (error) => this.shared.report(error));
  }

  private start(body: PushBody, writer: ResponseWriter): void {
    try {
      body.start(writer);
    } catch (error) {
      this.shared.report(error);
      writer.abort();
    }
  }

  /** What a handler left with us has thrown: that is the end of this connection, not of the server. */
  private giveUp(error: unknown): void {
    this.shared.report(error);
    this.connection.destroy();
  }

  /** The answer has been handed over: on to the next, or the end of the connection. */
  private over(exchange: Exchange, complete: boolean, now: number): void {
    if (this.exchange !== exchange) return;
    this.exchange = undefined;
    this.tell(exchange, complete);
    if (!complete) {
      this.outbox.flush();
      this.connection.destroy();
      return;
    }
    if (!exchange.body.done) exchange.body.cancel();
    if (this.machine.answerSent(now)) this.run();
    else this.endConnection();
  }

  private tell(exchange: Exchange, complete: boolean): void {
    if (!exchange.context.watched) return;
    try {
      exchange.context.finished(outcomeOf(exchange, this.host.clock.now(), complete));
    } catch (error) {
      this.shared.report(error);
    }
  }

  sendInterim(status: number, headers: HeaderList): void {
    const { exchange } = this;
    if (!exchange || exchange.headSent || exchange.head?.version === '1.0') return;
    const reason = reasonFor(status);
    this.send(encodeResponseHead({ version: '1.1', status, reason, headers }));
  }

  private endConnection(): void {
    this.outbox.flush();
    const heard = this.machine.linger(this.host.clock.now());
    this.throttle();
    this.connection.end({ heard });
    this.arm(this.host.clock.now());
  }

  private send(bytes: Uint8Array): boolean {
    return this.outbox.send(bytes, this.running);
  }

  private congested(now = this.host.clock.now()): void {
    this.machine.blocked(true, now);
    this.arm(now);
  }

  /** Asks the client to wait while nobody takes what it sends. */
  private throttle(): void {
    const full = this.machine.pending > PIPELINE_BUFFER || !this.bodyOpen;
    const wait = full && this.machine.state !== 'lingering';
    if (wait === this.paused) return;
    this.paused = wait;
    if (wait) this.connection.pause();
    else this.connection.resume();
  }

  get deadline(): number | undefined {
    return this.machine.deadline;
  }

  private arm(now: number): void {
    this.shared.deadlines.moved(this.machine.deadline, now);
  }

  /** A deadline may have passed. */
  wake(now: number): void {
    if (!this.bodyOpen) this.machine.readerBusy(now);
    if (this.outbox.advanced()) this.machine.blocked(true, now);
    const expiry = this.machine.expire(now);
    if (expiry === 'abort') this.connection.destroy();
    else if (expiry === 'close') this.endConnection();
    else if (expiry === 'request-timeout') this.timeOut(now);
    this.arm(now);
  }

  private timeOut(now: number): void {
    const text = 'The request did not come in time';
    this.refuse(broken('HTTP_TIMEOUT', text, 'RFC 9110 §15.5.9', 0, 408), now);
  }
}
