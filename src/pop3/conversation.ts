/** One connection of a server: bytes to lines, responses and messages to bytes, and patience. */
import { concat, utf8 } from '../lib/bytes.ts';
import { announceSettled } from '../lib/deferred.ts';
import { DotWriter } from '../lib/dot.ts';
import { LineReader } from '../lib/lines.ts';
import type { Connection, Conversation, Timer } from '../net/index.ts';
import { AUTH_LINE_LIMIT, END_TIMEOUT_MS, INPUT_BUFFER, OUTPUT_CHUNK } from './defaults.ts';
import { Dialogue, type Turn } from './dialogue.ts';
import type { ServerShared } from './server-shared.ts';
import { encodeResponse } from './wire/response.ts';

/** What the deadline is about. */
type Waiting = 'client' | 'store' | 'end';

export class Pop3Conversation implements Conversation {
  private readonly shared: ServerShared;
  private connection: Connection;
  private readonly dialogue: Dialogue;
  private readonly onGone: () => void;
  private readonly input = new LineReader(AUTH_LINE_LIMIT);
  private out: Uint8Array[] = [];
  private outSize = 0;
  /** What a multi-line response still has to say. */
  private body: Iterator<Uint8Array> | undefined;
  private dots = new DotWriter();
  /** Signing in, a commit or a handshake is waited for. */
  private busy = false;
  private working = false;
  private congested = false;
  private paused = false;
  private peerEnded = false;
  private stopping = false;
  private ending = false;
  private gone = false;
  private waiting: Waiting = 'client';
  private deadline = 0;
  private timer: Timer | undefined;
  private armedFor = 0;

  constructor(shared: ServerShared, connection: Connection, secure: boolean, onGone: () => void) {
    this.shared = shared;
    this.connection = connection;
    this.onGone = onGone;
    this.dialogue = new Dialogue(shared, secure);
    this.attach(connection);
    this.perform({ response: this.dialogue.greeting() });
    this.flush();
  }

  /** RFC 1939 has no last word for a server that goes: what was not confirmed by QUIT is not done. */
  finish(): void {
    this.stopping = true;
    this.work();
  }

  destroy(): void {
    this.connection.destroy();
  }

  private attach(connection: Connection): void {
    connection.attach({
      onData: (bytes) => this.receive(bytes),
      onEnd: () => {
        this.peerEnded = true;
        this.work();
      },
      onDrain: () => {
        this.congested = false;
        this.patience('client');
        this.work();
      },
      onClose: () => this.closed(),
    });
  }

  private receive(bytes: Uint8Array): void {
    if (this.ending || this.gone) return;
    this.input.push(bytes);
    this.work();
  }

  /** Goes on as far as the input and the client's reading let it; what is said in one turn leaves together (RFC 2449 §6.6). */
  private work(): void {
    if (this.working) return;
    this.working = true;
    while (!this.busy && !this.congested && !this.ending && !this.gone && this.advance());
    this.working = false;
    this.flush();
    this.flow();
  }

  private advance(): boolean {
    if (this.body) {
      this.pump(this.body);
      return true;
    }
    const line = this.stopping ? undefined : this.input.next();
    if (line) this.take(this.dialogue.line(line));
    else if (this.stopping || this.peerEnded) this.end();
    return line !== undefined;
  }

  private take(turn: Turn | Promise<Turn>): void {
    if (turn instanceof Promise) this.wait(turn, (done) => this.perform(done));
    else this.perform(turn);
  }

  /** What was said so far leaves; what comes waits. */
  private wait<T>(promise: Promise<T>, then: (value: T) => void): void {
    this.busy = true;
    this.patience('store');
    const settle = (act: () => void): void => {
      announceSettled();
      this.busy = false;
      act();
      this.work();
    };
    promise.then(
      (value) => settle(() => then(value)),
      () => settle(() => this.connection.destroy()),
    );
  }

  private perform({ response, challenge, body, next }: Turn): void {
    if (this.gone) return;
    if (response) this.put(encodeResponse(response));
    if (challenge !== undefined) this.put(utf8(`+ ${challenge}\r\n`));
    this.patience('client');
    if (body && response?.ok) {
      this.body = body[Symbol.iterator]();
      this.dots = new DotWriter();
    }
    if (next === 'close') this.end();
    if (next === 'secure') this.secure();
  }

  /** One piece more. A message that breaks off must not look whole: then the connection is given up. */
  private pump(body: Iterator<Uint8Array>): void {
    try {
      const piece = body.next();
      if (piece.done) this.body = undefined;
      for (const part of piece.done ? this.dots.end() : this.dots.push(piece.value)) this.put(part);
    } catch (error) {
      this.shared.report(error);
      this.connection.destroy();
    }
  }

  private put(bytes: Uint8Array): void {
    this.out.push(bytes);
    this.outSize += bytes.length;
    if (this.outSize >= OUTPUT_CHUNK) this.flush();
  }

  private flush(): void {
    if (this.outSize === 0 || this.gone) return;
    const bytes = concat(this.out);
    this.out = [];
    this.outSize = 0;
    if (!this.connection.write(bytes)) this.congested = true;
  }

  /** RFC 2595 §4. What came in clear behind STLS is thrown away: somebody else may have put it there. */
  private secure(): void {
    const { certificates, host } = this.shared;
    if (!certificates || !host.network.secure) return;
    this.flush();
    this.input.take();
    this.connection.pause();
    this.paused = false;
    const secured = (connection: Connection): void => {
      this.dialogue.secured();
      this.connection = connection;
      this.congested = false;
      this.attach(connection);
      this.patience('client');
    };
    const handshake = host.network.secure(this.connection, { role: 'server', ...certificates });
    // The client has heard of a failure from TLS itself.
    this.wait(
      handshake.catch(() => this.closed()),
      (connection) => connection && secured(connection),
    );
  }

  /** The client is given a moment to read and to go. */
  private end(): void {
    if (this.ending || this.gone) return;
    this.flush();
    this.ending = true;
    this.body = undefined;
    this.dialogue.close();
    this.patience('end');
    this.connection.resume();
    this.connection.end();
  }

  /** The client waits while we do. */
  private flow(): void {
    if (this.ending || this.gone) return;
    const isFull = this.congested || this.input.buffered > INPUT_BUFFER;
    if (this.paused === isFull) return;
    this.paused = isFull;
    if (isFull) this.connection.pause();
    else this.connection.resume();
  }

  private patience(waiting: Waiting): void {
    const { host, timeouts } = this.shared;
    const ms = { client: timeouts.idleMs, store: timeouts.storeMs, end: END_TIMEOUT_MS };
    this.waiting = waiting;
    this.deadline = host.clock.now() + ms[waiting];
    if (!this.timer || this.deadline < this.armedFor) this.arm();
  }

  /** One timer, that looks whether the deadline has moved on. */
  private arm(): void {
    const { clock } = this.shared.host;
    this.timer?.cancel();
    if (this.gone) return;
    this.armedFor = this.deadline;
    this.timer = clock.setTimer(Math.max(0, this.deadline - clock.now()), () => {
      if (clock.now() < this.deadline) this.arm();
      else this.late();
    });
  }

  /** RFC 1939 §3: after the time-out nothing is said, and nothing is deleted. */
  private late(): void {
    this.timer = undefined;
    if (this.waiting === 'client' && !this.congested) this.end();
    else this.connection.destroy();
  }

  private closed(): void {
    if (this.gone) return;
    this.gone = true;
    this.timer?.cancel();
    this.dialogue.close();
    this.onGone();
  }
}
