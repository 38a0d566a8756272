/** One connection of a server: octets to commands, answers to octets, and patience. */
import { announceSettled } from '../lib/deferred.ts';
import { NetworkError } from '../lib/errors.ts';
import { type CloseReason, type Connection, type Conversation, sleep } from '../net/index.ts';
import { CommandIntake, type Incoming } from './command-intake.ts';
import {
  AUTH_FAILURES_LIMIT,
  COMMAND_LINE_LIMIT,
  INPUT_BUFFER,
  LOGOUT_TIMEOUT_MS,
} from './defaults.ts';
import { Deflating } from './deflating.ts';
import { outOfState } from './machine/states.ts';
import { Outbox } from './outbox.ts';
import { Patience } from './patience.ts';
import { bad, no, type Reply, replyLine, replyOf, SERVER_FAILED } from './reply.ts';
import type { AppendIntake } from './server/append.ts';
import { type AuthStep, SignIn } from './server/authenticate.ts';
import { capabilities } from './server/capability.ts';
import { obey, tellNews } from './server/commands.ts';
import { Idling } from './server/idle.ts';
import type { ServerShared } from './server-shared.ts';
import { ImapSession } from './session.ts';
import type { Command } from './types.ts';

/** What the deadline is about. */
type Waiting = 'command' | 'transfer' | 'work' | 'send' | 'end';

export class ImapConversation implements Conversation {
  private readonly shared: ServerShared;
  private connection: Connection;
  private readonly session: ImapSession;
  private readonly onGone: () => void;
  private readonly out: Outbox;
  private readonly intake: CommandIntake;
  private deflating: Deflating | undefined;
  /** An exchange of AUTHENTICATE is under way. */
  private signIn: SignIn | undefined;
  private idling: Idling | undefined;
  private errors = 0;
  private guesses = 0;
  private busy = false;
  private working = false;
  private paused = false;
  private peerEnded = false;
  private stopping = false;
  private ending = false;
  private gone = false;
  private waiting: Waiting = 'command';
  private readonly clock: Patience;
  private readonly began: number;

  constructor(shared: ServerShared, connection: Connection, secure: boolean, onGone: () => void) {
    this.shared = shared;
    this.connection = connection;
    this.onGone = onGone;
    this.began = shared.host.clock.now();
    this.clock = new Patience(shared.host.clock, () => this.late());
    this.out = new Outbox(
      (bytes) => this.connection.write(bytes),
      () => this.patience('send'),
    );
    this.session = new ImapSession(shared, this.out, secure, () => this.news());
    this.intake = new CommandIntake(this.session, COMMAND_LINE_LIMIT);
    this.attach(connection);
    const greeting = `${shared.rules.hostname} ready`;
    this.out.say(`* OK [CAPABILITY ${capabilities(this.session)}] ${greeting}\r\n`);
    this.patience('command');
    this.out.flush();
  }

  finish(): void {
    this.stopping = true;
    if (!this.busy) this.lastWord('The server is shutting down');
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
        this.out.relieve();
        if (this.waiting === 'send') this.patience(this.busy ? 'work' : 'command');
        this.work();
      },
      onClose: (why) => this.closed(why),
    });
  }

  private receive(bytes: Uint8Array): void {
    if (this.ending || this.gone) return;
    if (this.deflating) this.deflating.take(bytes);
    else this.intake.push(bytes);
    this.work();
  }

  /** Goes on as far as the input and the store let it; the answers of one turn leave together. */
  private work(): void {
    if (this.working || this.gone) return;
    this.working = true;
    try {
      while (!this.busy && !this.ending && !this.out.full && this.advance());
    } catch (error) {
      this.shared.report(error);
      this.lastWord('The server failed');
    }
    this.working = false;
    if (this.idling !== undefined && !this.out.full) this.session.tell(true);
    this.out.flush();
    this.flow();
  }

  private advance(): boolean {
    if (this.stopping || this.session.bereft) {
      this.lastWord(this.stopping ? 'The server is shutting down' : 'The mailbox was deleted');
      return false;
    }
    if (this.deflating && this.intake.buffered < INPUT_BUFFER) this.inflate(this.deflating);
    const incoming = this.intake.next();
    if (!incoming) {
      if (this.peerEnded && !this.deflating?.pending) this.end();
      else this.patience(this.intake.within ? 'transfer' : 'command');
      return this.deflating?.pending ?? false;
    }
    this.take(incoming);
    return true;
  }

  private inflate(deflating: Deflating): void {
    const bytes = deflating.inflate();
    if (bytes) this.intake.push(bytes);
    else if (deflating.failed) this.lastWord('That is not DEFLATE');
  }

  private take(incoming: Incoming): void {
    switch (incoming.type) {
      case 'continue':
        this.out.say('+ OK\r\n');
        return;
      case 'wait':
        this.wait(
          incoming.until,
          () => {},
          (error) => this.failed(error),
        );
        return;
      case 'give up':
        this.lastWord(incoming.text);
        return;
      case 'refused':
        this.answer(incoming.tag ?? '*', incoming.reply);
        return;
      case 'line':
        if (this.signIn) this.step(this.signIn, this.signIn.respond(incoming.text));
        else this.endIdle(incoming.text);
        return;
      case 'command':
        this.obey(incoming.command, incoming.messages);
    }
  }

  private obey(command: Command, messages: AppendIntake | undefined): void {
    const { session } = this;
    const { tag } = command;
    if (command.name === 'AUTHENTICATE' || command.name === 'IDLE') {
      const wrong = outOfState(command.name, session.state);
      if (wrong !== undefined) this.answer(tag, bad(wrong));
      else if (command.name === 'IDLE') this.beginIdle(tag);
      else this.authenticate(command);
      return;
    }
    const done = (reply: Reply): void => {
      if (command.name === 'LOGIN' && reply.status === 'NO' && !reply.code?.startsWith('PRIVACY')) {
        this.guessed(tag, reply);
        return;
      }
      tellNews(session, command);
      this.answer(tag, reply);
    };
    const failed = (error: unknown): void => {
      const reply = replyOf(error);
      if (!reply) this.shared.report(error);
      done(reply ?? SERVER_FAILED);
    };
    try {
      const reply = obey(session, command, messages);
      if (reply instanceof Promise) this.wait(reply, done, failed);
      else done(reply);
    } catch (error) {
      failed(error);
    }
  }

  private answer(tag: string, reply: Reply): void {
    if (this.gone || this.ending) return;
    this.out.say(replyLine(tag, reply));
    this.patience('command');
    this.errors = reply.status === 'BAD' ? this.errors + 1 : 0;
    if (this.errors > this.shared.rules.errorsLimit) this.lastWord('Too many errors');
    else if (reply.next === 'close') this.end();
    else if (reply.next === 'secure') this.secure();
    else if (reply.next === 'compress') this.compress();
  }

  /** Something has happened in the selected mailbox; who idles is told at once (RFC 9051 §6.3.13). */
  private news(): void {
    if (this.idling !== undefined || this.session.bereft) this.work();
  }

  private beginIdle(tag: string): void {
    this.idling = new Idling(tag, this.shared.host.clock, this.out);
    this.intake.lines = true;
    this.patience('command');
  }

  private endIdle(line: string): void {
    const idling = this.idling as Idling;
    this.stopIdling();
    this.session.tell(true);
    this.answer(idling.tag, idling.end(line));
  }

  private stopIdling(): void {
    this.idling?.stop();
    this.idling = undefined;
    this.intake.lines = false;
  }

  private authenticate(command: Extract<Command, { name: 'AUTHENTICATE' }>): void {
    const signIn = SignIn.begin(this.session, command, command.tag);
    if (!(signIn instanceof SignIn)) {
      this.answer(command.tag, signIn);
      return;
    }
    this.signIn = signIn;
    this.step(signIn, signIn.first(command.initial));
  }

  private step(signIn: SignIn, next: Promise<AuthStep>): void {
    const done = (step: AuthStep): void => {
      if ('challenge' in step) {
        this.intake.lines = true;
        this.out.say(`+ ${step.challenge}\r\n`);
        return;
      }
      this.endSignIn();
      if (step.reply.status === 'NO') this.guessed(signIn.tag, step.reply);
      else this.answer(signIn.tag, step.reply);
    };
    this.wait(next, done, (error) => {
      this.endSignIn();
      this.shared.report(error);
      this.answer(signIn.tag, SERVER_FAILED);
    });
  }

  private endSignIn(): void {
    this.signIn = undefined;
    this.intake.lines = false;
  }

  /** A wrong guess is answered late, the next one later (RFC 9051 §11.2). */
  private guessed(tag: string, reply: Reply): void {
    const delay = this.shared.timeouts.authDelayMs * 2 ** this.guesses;
    const isLast = ++this.guesses >= AUTH_FAILURES_LIMIT;
    this.wait(
      sleep(this.shared.host.clock, delay),
      () => {
        this.answer(tag, reply);
        if (isLast) this.lastWord('Too many attempts to sign in');
      },
      () => this.lastWord('The server failed'),
    );
  }

  /** What comes waits. */
  private wait<T>(
    promise: Promise<T>,
    then: (value: T) => void,
    failed: (error: unknown) => void,
  ): void {
    this.busy = true;
    this.patience('work');
    const settle = (act: () => void): void => {
      announceSettled();
      this.busy = false;
      if (!this.gone) act();
      this.work();
    };
    promise.then(
      (value) => settle(() => then(value)),
      (error: unknown) => settle(() => failed(error)),
    );
  }

  private failed(error: unknown): void {
    const reply = replyOf(error);
    if (!reply) this.shared.report(error);
    this.intake.refuse(reply ?? no('The server failed; try again later', 'SERVERBUG'));
  }

  /** RFC 9051 §6.2.1: what came in clear behind STARTTLS is thrown away: somebody else may have put it there. */
  private secure(): void {
    const { certificates, host } = this.shared;
    if (!certificates || !host.network.secure) return;
    this.out.flush();
    this.intake.take();
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

  /** RFC 4978 §3: from behind the answer on, both ways. */
  private compress(): void {
    const deflating = new Deflating();
    this.out.redirect((bytes) => this.connection.write(deflating.deflate(bytes)));
    deflating.take(this.intake.take());
    this.deflating = deflating;
    this.session.compressed = true;
  }

  private lastWord(text: string): void {
    if (this.ending || this.gone) return;
    this.out.say(`* BYE ${text}\r\n`);
    this.end();
  }

  /** The client is given a moment to read and to go. */
  private end(): void {
    if (this.ending || this.gone) return;
    this.out.flush();
    this.ending = true;
    this.stopIdling();
    this.patience('end');
    this.connection.resume();
    this.connection.end();
  }

  /** The client waits while we do. */
  private flow(): void {
    if (this.ending || this.gone) return;
    const held = this.intake.buffered + (this.deflating?.held ?? 0);
    const isFull = this.out.full || held > INPUT_BUFFER;
    if (this.paused === isFull) return;
    this.paused = isFull;
    if (isFull) this.connection.pause();
    else this.connection.resume();
  }

  private patience(waiting: Waiting): void {
    const { autologoutMs, loginMs, transferMs, commandMs, sendMs } = this.shared.timeouts;
    const now = this.shared.host.clock.now();
    // However slowly it speaks, a client has so long to say who it is, and so long for one command.
    const left = this.began + loginMs - now;
    const rest = Math.min(transferMs, this.intake.began + commandMs - now);
    const isKnown = this.session.state !== 'not authenticated';
    const ms = {
      command: isKnown ? autologoutMs : left,
      transfer: isKnown ? rest : Math.min(left, rest),
      // The store answers for itself.
      work: Number.POSITIVE_INFINITY,
      send: sendMs,
      end: LOGOUT_TIMEOUT_MS,
    };
    this.waiting = waiting;
    this.clock.wait(ms[waiting]);
  }

  private late(): void {
    if (this.waiting === 'end' || this.waiting === 'send') this.connection.destroy();
    else this.lastWord('Nothing came for too long');
  }

  private closed({ error }: Pick<CloseReason, 'kind' | 'error'>): void {
    if (this.gone) return;
    this.gone = true;
    this.clock.end();
    this.idling?.stop();
    this.intake.close();
    this.out.fail(error ?? new NetworkError('closed', 'the client went away'));
    this.session.close();
    this.onGone();
  }
}
