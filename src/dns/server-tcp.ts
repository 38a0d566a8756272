/** One TCP connection of a server: many questions in flight, answers as they come (RFC 7766 §6.2). */
import type { Clock, Connection, Conversation, Timer } from '../net/index.ts';
import type { Path, Response } from './responder.ts';
import { frame, Unframer } from './wire/index.ts';

export type Respond = (bytes: Uint8Array, path: Path) => Response | Promise<Response>;

export interface TcpLimits {
  readonly pipeline: number;
  readonly idleMs: number;
}

export class TcpConversation implements Conversation {
  private readonly connection: Connection;
  private readonly clock: Clock;
  private readonly respond: Respond;
  private readonly limits: TcpLimits;
  private readonly closed: () => void;
  private readonly unframer = new Unframer();
  /** Whole messages that wait because enough are being worked on. */
  private waiting: Uint8Array[] = [];
  /** Answers of several messages that are being written. */
  private streams: Iterator<Uint8Array>[] = [];
  private working = 0;
  private blocked = false;
  private ending = false;
  private over = false;
  private lastActive: number;
  private idle: Timer | undefined;

  constructor(
    connection: Connection,
    clock: Clock,
    respond: Respond,
    limits: TcpLimits,
    closed: () => void,
  ) {
    this.connection = connection;
    this.clock = clock;
    this.respond = respond;
    this.limits = limits;
    this.closed = closed;
    this.lastActive = clock.now();
  }

  start(): void {
    this.watch(this.limits.idleMs);
    this.connection.attach({
      onData: (bytes) => this.receive(bytes),
      onEnd: () => this.finish(),
      onDrain: () => {
        this.blocked = false;
        this.sayMore();
        this.work();
      },
      onClose: () => this.close(),
    });
  }

  finish(): void {
    this.ending = true;
    this.endIfDone();
  }

  destroy(): void {
    this.connection.destroy();
    this.close();
  }

  private close(): void {
    if (this.over) return;
    this.over = true;
    this.waiting = [];
    this.streams = [];
    this.idle?.cancel();
    this.closed();
  }

  private receive(bytes: Uint8Array): void {
    this.lastActive = this.clock.now();
    this.waiting.push(...this.unframer.push(bytes));
    this.work();
  }

  /** Takes up what waits, as far as the limits go; reading stops while something has to wait. */
  private work(): void {
    while (!this.blocked && this.streams.length === 0 && this.working < this.limits.pipeline) {
      const query = this.waiting.shift();
      if (!query) break;
      this.ask(query);
    }
    if (this.waiting.length > 0) this.connection.pause();
    else this.connection.resume();
    this.endIfDone();
  }

  private ask(query: Uint8Array): void {
    const { remote: from, local } = this.connection;
    const reply = this.respond(query, { from, local, transport: 'tcp' });
    if (!(reply instanceof Promise)) {
      this.say(reply);
      return;
    }
    this.working++;
    const done = (late: Response) => {
      this.working--;
      if (this.over) return;
      this.say(late);
      this.work();
    };
    reply.then(done, () => done(undefined));
  }

  private say(reply: Response): void {
    if (!reply) return;
    if (!(reply instanceof Uint8Array)) {
      this.streams.push(reply[Symbol.iterator]());
      this.sayMore();
      return;
    }
    this.lastActive = this.clock.now();
    if (!this.connection.write(frame(reply))) this.blocked = true;
  }

  /** Goes on with answers of several messages, as far as the client takes them. */
  private sayMore(): void {
    while (!this.blocked) {
      const next = this.streams[0]?.next();
      if (!next) return;
      if (next.done) this.streams.shift();
      else this.say(next.value);
    }
  }

  private endIfDone(): void {
    const done = this.working === 0 && this.waiting.length === 0 && this.streams.length === 0;
    if (this.ending && done) this.connection.end();
  }

  /** Looks again when the silence could have lasted long enough; one timer serves all messages. */
  private watch(ms: number): void {
    this.idle = this.clock.setTimer(ms, () => {
      const left = this.lastActive + this.limits.idleMs - this.clock.now();
      if (left > 0) this.watch(left);
      else if (this.working > 0) this.watch(this.limits.idleMs);
      else if (this.ending) this.destroy();
      else {
        // What was said last may be on its way still: a reset would take it back.
        this.finish();
        this.watch(this.limits.idleMs);
      }
    });
  }
}
