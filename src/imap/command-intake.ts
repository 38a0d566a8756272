/** Octets to commands: literals are taken or refused before they come, messages go to the store as they do. */
import {
  COMMAND_LIMIT,
  DISCARD_LIMIT,
  EARLY_LITERAL_LIMIT,
  STRING_LITERAL_LIMIT,
} from './defaults.ts';
import { ImapError, tooBig } from './errors.ts';
import { bad, type Reply, replyOf } from './reply.ts';
import { AppendIntake } from './server/append.ts';
import type { ImapSession } from './session.ts';
import type { Command } from './types.ts';
import { parseCommand, tagOf } from './wire/command.ts';
import { type Announcement, type Unit, UnitReader } from './wire/unit-reader.ts';

/** What has come. */
export type Incoming =
  | {
      readonly type: 'command';
      readonly command: Command;
      readonly messages: AppendIntake | undefined;
    }
  | { readonly type: 'refused'; readonly tag: string | undefined; readonly reply: Reply }
  /** A line within AUTHENTICATE or IDLE. */
  | { readonly type: 'line'; readonly text: string }
  /** A literal is wanted. */
  | { readonly type: 'continue' }
  /** The store asks to wait. */
  | { readonly type: 'wait'; readonly until: Promise<void> }
  /** What is refused is too much to read to its end. */
  | { readonly type: 'give up'; readonly text: string };

export class CommandIntake {
  /** Lines are wanted, and no commands. */
  lines = false;
  /** When the command under way began to come. */
  began = 0;
  private readonly session: ImapSession;
  private readonly reader: UnitReader;
  private messages: AppendIntake | undefined;
  /** The literal under way is a message. */
  private inMessage = false;
  private until: Promise<void> | undefined;
  /** The command under way will be refused with this. */
  private refusal: Reply | undefined;
  private kept = 0;
  private discarded = 0;

  constructor(session: ImapSession, lineLimit: number) {
    this.session = session;
    this.reader = new UnitReader(lineLimit);
  }

  get buffered(): number {
    return this.reader.buffered;
  }

  /** A command has begun and is not whole. */
  get within(): boolean {
    return this.reader.within;
  }

  push(bytes: Uint8Array): void {
    if (!this.within) this.began = this.session.shared.host.clock.now();
    this.reader.push(bytes);
  }

  /** Everything that came after the last command. */
  take(): Uint8Array {
    return this.reader.take();
  }

  /** The command under way comes to nothing. */
  refuse(reply: Reply): void {
    this.refusal ??= reply;
    this.messages?.drop();
  }

  close(): void {
    this.messages?.drop();
    this.messages = undefined;
  }

  next(): Incoming | undefined {
    for (;;) {
      const step = this.read();
      if (this.until) {
        const { until } = this;
        this.until = undefined;
        // What is announced or whole after it is still there.
        this.pending = step;
        return { type: 'wait', until };
      }
      if (!step) return undefined;
      if (step.type === 'unit') return this.finish(step.unit);
      const incoming = this.announced(step);
      if (incoming) return incoming;
    }
  }

  private pending: ReturnType<UnitReader['next']>;

  private read(): ReturnType<UnitReader['next']> {
    const { pending } = this;
    this.pending = undefined;
    if (pending) return pending;
    const step = this.reader.next();
    if (this.inMessage && !this.reader.inLiteral) {
      this.inMessage = false;
      if (!this.refusal) this.messages?.finish();
    }
    return step;
  }

  private announced(step: Announcement): Incoming | undefined {
    if (this.lines) return this.reject(step, bad('No literal here'));
    try {
      const { utf8, state } = this.session;
      if (state !== 'not authenticated' && AppendIntake.isMessage(step.head, utf8)) {
        return this.message(step);
      }
      const limit = state === 'not authenticated' ? EARLY_LITERAL_LIMIT : STRING_LITERAL_LIMIT;
      this.kept += step.size;
      if (step.size > limit || this.kept + step.head.text.length > COMMAND_LIMIT)
        throw tooBig(limit);
    } catch (error) {
      if (!(error instanceof ImapError)) throw error;
      return this.reject(step, replyOf(error) ?? bad(error.message));
    }
    if (this.refusal) return this.discard(step);
    this.reader.keep();
    return step.waits ? { type: 'continue' } : undefined;
  }

  private message(step: Announcement): Incoming | undefined {
    this.messages ??= new AppendIntake(this.session);
    const { messages } = this;
    const refusal = this.refusal ?? messages.refusal(step.head, step.size);
    if (refusal) return this.reject(step, refusal);
    messages.begin(step.head.literals.length);
    this.inMessage = true;
    this.reader.stream((bytes) => {
      if (this.refusal) return;
      try {
        this.until = messages.add(bytes);
      } catch (error) {
        this.refuse(replyOf(error) ?? bad('The message was not taken'));
      }
    });
    return step.waits ? { type: 'continue' } : undefined;
  }

  /** RFC 7888 §4: what was not asked for comes all the same, and is thrown away. */
  private reject(step: Announcement, reply: Reply): Incoming | undefined {
    this.refuse(reply);
    return step.waits ? this.finish(this.reader.refuse()) : this.discard(step);
  }

  private discard(step: Announcement): Incoming | undefined {
    if (step.waits) return this.finish(this.reader.refuse());
    this.discarded += step.size;
    if (this.discarded > DISCARD_LIMIT) {
      return { type: 'give up', text: 'More was sent than can be thrown away' };
    }
    this.reader.stream(() => {});
    return undefined;
  }

  private finish(unit: Unit): Incoming {
    const { refusal, messages } = this;
    this.began = this.session.shared.host.clock.now();
    this.refusal = undefined;
    this.messages = undefined;
    this.kept = 0;
    if (refusal) {
      messages?.drop();
      return { type: 'refused', tag: tagOf(unit.text), reply: refusal };
    }
    if (unit.fault) {
      const text = unit.fault === 'too long' ? 'The line is too long' : 'A CR without LF';
      return { type: 'refused', tag: this.lines ? undefined : tagOf(unit.text), reply: bad(text) };
    }
    if (this.lines) return { type: 'line', text: unit.text };
    try {
      const command = parseCommand(unit, { utf8: this.session.utf8 });
      return { type: 'command', command, messages };
    } catch (error) {
      messages?.drop();
      if (!(error instanceof ImapError)) throw error;
      return {
        type: 'refused',
        tag: tagOf(unit.text),
        reply: replyOf(error) ?? bad(error.message),
      };
    }
  }
}
