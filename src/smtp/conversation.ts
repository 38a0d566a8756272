/** One connection of a server: bytes to lines and messages, replies to bytes, and patience. */

import { concat } from '../lib/bytes.ts';
import { announceSettled } from '../lib/deferred.ts';
import { NetworkError } from '../lib/errors.ts';
import { LineReader } from '../lib/lines.ts';
import type { CloseReason, Connection, Conversation, Timer } from '../net/index.ts';
import { AUTH_LINE_LIMIT, INPUT_BUFFER, QUIT_TIMEOUT_MS } from './defaults.ts';
import { Dialogue, type Turn } from './dialogue.ts';
import { FAILED, SHUTTING_DOWN, TIMED_OUT } from './machine/outcomes.ts';
import { Session } from './machine/session.ts';
import type { Intake } from './machine/transfer.ts';
import type { ServerShared } from './server-shared.ts';
import type { MailSession, Outcome, Reply } from './types.ts';
import { encodeReply, replyOf } from './wire/reply.ts';

/** What the deadline is about. */
type Waiting = 'command' | 'message' | 'backend' | 'end';

export class SmtpConversation implements Conversation {
  private readonly shared: ServerShared;
  private connection: Connection;
  private readonly session: Session;
  private readonly onGone: () => void;
  private dialogue: Dialogue | undefined;
  private readonly input = new LineReader(AUTH_LINE_LIMIT);
  private intake: Intake | undefined;
  private out: Uint8Array[] = [];
  /** An answer of the backend, or a handshake, is waited for. */
  private busy = false;
  private working = false;
  private congested = false;
  private paused = false;
  private peerEnded = false;
  private stopping = false;
  private ending = false;
  private gone = false;
  private waiting: Waiting = 'command';
  private deadline = 0;
  private transferEnd = Number.POSITIVE_INFINITY;
  private timer: Timer | undefined;
  private armedFor = 0;

  constructor(shared: ServerShared, connection: Connection, secure: boolean, onGone: () => void) {
    this.shared = shared;
    this.connection = connection;
    this.onGone = onGone;
    const { local, remote } = connection;
    this.session = new Session(shared.rules, { local, remote, secure });
    this.attach(connection);
    this.greet();
  }

  finish(): void {
    this.stopping = true;
    if (!this.busy && !this.intake) this.lastWord(SHUTTING_DOWN);
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
        this.work();
      },
      onClose: (why) => this.closed(why),
    });
  }

  /** RFC 5321 §3.1. The backend may have a word first. */
  private greet(): void {
    const open = async (): Promise<MailSession | Outcome> => this.shared.backend.open(this.session);
    const opened = (answer: MailSession | Outcome): void => {
      if ('code' in answer) {
        this.lastWord(answer);
        return;
      }
      if (this.gone) {
        answer.close?.();
        return;
      }
      this.dialogue = new Dialogue(this.shared, this.session, answer, () => this.work());
      this.say({ code: 220, lines: [`${this.shared.rules.hostname} ESMTP toplayer`] });
    };
    this.wait(open(), opened, (error) => {
      this.shared.report(error);
      this.lastWord({ ...FAILED, code: 421 });
    });
  }

  private receive(bytes: Uint8Array): void {
    if (this.ending || this.gone) return;
    this.input.push(bytes);
    if (this.intake) this.patience('message');
    this.work();
  }

  /** Goes on as far as the input and the backend let it; the replies of one turn leave together (RFC 2920 §3.2). */
  private work(): void {
    if (this.working) return;
    this.working = true;
    while (!this.busy && !this.congested && !this.ending && this.advance());
    this.working = false;
    this.flush();
    this.flow();
  }

  private advance(): boolean {
    const { dialogue } = this;
    if (!dialogue || this.gone) return false;
    if (this.intake) return this.feed(this.intake, dialogue);
    if (this.stopping) {
      this.lastWord(SHUTTING_DOWN);
      return false;
    }
    const line = this.input.next();
    if (line) this.take(dialogue.line(line));
    else if (this.peerEnded) this.end();
    return line !== undefined;
  }

  private feed(intake: Intake, dialogue: Dialogue): boolean {
    if (!dialogue.ready) {
      this.patience('backend');
      return false;
    }
    if (this.input.buffered === 0 && !intake.done) {
      if (this.peerEnded) this.end();
      else if (this.waiting === 'backend') this.patience('message');
      return false;
    }
    const bytes = this.input.take();
    const taken = intake.push(bytes);
    if (taken < bytes.length) this.input.push(bytes.subarray(taken));
    if (!intake.done) return true;
    this.intake = undefined;
    this.transferEnd = Number.POSITIVE_INFINITY;
    this.take(dialogue.taken());
    return true;
  }

  private take(turn: Turn | Promise<Turn>): void {
    if (!(turn instanceof Promise)) {
      this.perform(turn);
      return;
    }
    const failed = (error: unknown): void => {
      this.shared.report(error);
      this.lastWord({ ...FAILED, code: 421 });
    };
    this.wait(turn, (done) => this.perform(done), failed);
  }

  /** What was said so far leaves; what comes waits. */
  private wait<T>(
    promise: Promise<T>,
    then: (value: T) => void,
    failed: (error: unknown) => void,
  ): void {
    this.busy = true;
    this.patience('backend');
    const settle = (act: () => void): void => {
      announceSettled();
      this.busy = false;
      act();
      this.work();
    };
    promise.then(
      (value) => settle(() => then(value)),
      (error: unknown) => settle(() => failed(error)),
    );
  }

  private perform({ reply, intake, next }: Turn): void {
    if (this.gone) return;
    if (reply) this.say(reply);
    this.intake = intake;
    if (intake) {
      this.transferEnd = this.shared.host.clock.now() + this.shared.timeouts.transferMs;
      this.patience('message');
    }
    if (next === 'close') this.end();
    if (next === 'drop') this.connection.destroy();
    if (next === 'secure') this.secure();
  }

  /** RFC 3207 §4: what came in clear behind STARTTLS is thrown away: somebody else may have put it there. */
  private secure(): void {
    const { certificates, host } = this.shared;
    if (!certificates || !host.network.secure) return;
    this.flush();
    this.input.take();
    this.connection.pause();
    this.paused = false;
    const secured = (connection: Connection): void => {
      this.session.secured();
      this.connection = connection;
      this.attach(connection);
      this.patience('command');
    };
    const handshake = host.network.secure(this.connection, { role: 'server', ...certificates });
    // The client has heard of it from TLS itself.
    this.wait(handshake, secured, () => this.closed({ kind: 'destroyed' }));
  }

  private say(reply: Reply): void {
    this.out.push(encodeReply(reply));
    this.patience('command');
  }

  private flush(): void {
    if (this.out.length === 0) return;
    const bytes = concat(this.out);
    this.out = [];
    if (!this.connection.write(bytes)) this.congested = true;
  }

  private lastWord(outcome: Outcome): void {
    if (this.ending || this.gone) return;
    if (outcome.drop) {
      this.connection.destroy();
      return;
    }
    this.say(replyOf(outcome));
    this.end();
  }

  /** The client is given a moment to read and to go. */
  private end(): void {
    if (this.ending || this.gone) return;
    this.flush();
    this.ending = true;
    this.intake = undefined;
    this.transferEnd = Number.POSITIVE_INFINITY;
    this.patience('end');
    this.connection.resume();
    this.connection.end();
  }

  /** The client waits while we do. */
  private flow(): void {
    if (this.ending || this.gone) return;
    const isFull = this.congested || this.input.buffered > INPUT_BUFFER;
    const isStuck = this.intake !== undefined && this.dialogue?.ready === false;
    if (this.paused === (isFull || isStuck)) return;
    this.paused = !this.paused;
    if (this.paused) this.connection.pause();
    else this.connection.resume();
  }

  private patience(waiting: Waiting): void {
    const { commandMs, backendMs } = this.shared.timeouts;
    const ms = { command: commandMs, message: commandMs, backend: backendMs, end: QUIT_TIMEOUT_MS };
    this.waiting = waiting;
    this.deadline = Math.min(this.shared.host.clock.now() + ms[waiting], this.transferEnd);
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

  private late(): void {
    this.timer = undefined;
    if (this.waiting === 'end') this.connection.destroy();
    else this.lastWord(this.waiting === 'backend' ? { ...FAILED, code: 421 } : TIMED_OUT);
  }

  private closed(why: Pick<CloseReason, 'kind' | 'error'>): void {
    if (this.gone) return;
    this.gone = true;
    this.timer?.cancel();
    this.dialogue?.close(() => why.error ?? new NetworkError('closed', 'the client went away'));
    this.onGone();
  }
}
