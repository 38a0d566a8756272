/** What is said on a connection, as messages: for traces and captured files. */
import { EMPTY, fromUtf8 } from '../lib/bytes.ts';
import { DotReader } from '../lib/dot.ts';
import { ProtocolError } from '../lib/errors.ts';
import { LF } from '../lib/lines.ts';
import {
  type Dissected,
  type Dissector,
  Keeper,
  preview,
  type Speaker,
  type StreamDissector,
} from '../trace/index.ts';
import { AUTH_LINE_LIMIT, SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT } from './defaults.ts';
import {
  chunkFields,
  commandFields,
  contentFields,
  replyFields,
  responseFields,
} from './dissect-fields.ts';
import type { Command } from './types.ts';
import { parseCommand } from './wire/command.ts';
import { ReplyReader } from './wire/reply.ts';

export const smtpDissector: Dissector = {
  protocol: 'smtp',
  ports: [SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT, 2525],
  stream: () => new SmtpStream(),
};

/** How the client's next bytes are to be read. */
type Mode = 'command' | 'response' | 'content' | 'chunk' | 'tls';

class SmtpStream implements StreamDissector {
  private mode: Mode = 'command';
  private readonly line = new Keeper();
  private readonly content = new Keeper();
  private dots: DotReader | undefined;
  private chunkLeft = 0;
  private chunkHead = 0;
  private chunkName = '';
  private readonly reply = new Keeper();
  private replies = new ReplyReader();
  /** The commands whose replies have not come. */
  private readonly asked: (Command['type'] | '')[] = [];
  private greeted = false;
  private done: Dissected[] = [];

  push(speaker: Speaker, bytes: Uint8Array): readonly Dissected[] {
    if (this.mode === 'tls' || (speaker === 'client' && this.isTls(bytes))) {
      this.mode = 'tls';
      return [opaque(bytes, 'of TLS')];
    }
    if (speaker === 'server') this.hear(bytes);
    else this.say(bytes);
    return this.flush();
  }

  end(speaker: Speaker): readonly Dissected[] {
    const keepers = speaker === 'client' ? [this.line, this.content] : [this.reply];
    for (const keeper of keepers) {
      const { length } = keeper;
      if (length > 0) this.emit(keeper, 'other', `${length} B, the rest of it is missing`, true);
    }
    return this.flush();
  }

  /** A handshake record (RFC 8446 §5.1) where a command would begin. */
  private isTls(bytes: Uint8Array): boolean {
    return bytes[0] === 0x16 && this.mode === 'command' && this.line.length === 0;
  }

  private say(bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.mode === 'content') rest = this.takeContent(rest);
      else if (this.mode === 'chunk') rest = this.takeChunk(rest);
      else rest = this.takeLine(rest);
    }
  }

  private takeLine(bytes: Uint8Array): Uint8Array {
    const end = bytes.indexOf(LF) + 1;
    this.line.keep(end === 0 ? bytes : bytes.subarray(0, end));
    if (end === 0 && this.line.length <= AUTH_LINE_LIMIT) return EMPTY;
    const whole = this.line.bytes();
    const text = fromUtf8(whole).replace(/\r?\n$/, '');
    if (this.mode === 'response') {
      this.mode = 'command';
      this.asked.push('AUTH');
      this.emit(this.line, 'request', 'response of AUTH', false, () => responseFields(whole));
    } else this.command(whole, text);
    return end === 0 ? EMPTY : bytes.subarray(end);
  }

  private command(whole: Uint8Array, text: string): void {
    const command = commandOf(text);
    if (command instanceof ProtocolError) {
      this.asked.push('');
      const summary = `malformed: ${command.message} (${command.spec})`;
      this.emit(this.line, 'request', summary, true);
      return;
    }
    this.asked.push(command.type);
    if (command.type !== 'BDAT') {
      this.emit(this.line, 'request', summaryOf(text, command), false, () =>
        commandFields(whole, command),
      );
      return;
    }
    this.mode = 'chunk';
    this.chunkLeft = command.size;
    this.chunkHead = whole.length;
    this.chunkName = text;
    this.content.keep(whole);
    this.line.clear();
    this.takeChunk(EMPTY);
  }

  private takeChunk(bytes: Uint8Array): Uint8Array {
    const part = bytes.subarray(0, this.chunkLeft);
    this.chunkLeft -= part.length;
    this.content.keep(part);
    if (this.chunkLeft > 0) return EMPTY;
    this.mode = 'command';
    const [head, length, kept] = [this.chunkHead, this.content.length, this.content.bytes()];
    this.emit(this.content, 'request', this.chunkName, false, () =>
      chunkFields(kept, head, length),
    );
    return bytes.subarray(part.length);
  }

  private takeContent(bytes: Uint8Array): Uint8Array {
    this.dots ??= new DotReader(() => {});
    const taken = this.dots.push(bytes);
    this.content.keep(bytes.subarray(0, taken));
    const { done, abandoned, fault } = this.dots;
    if (!done && !abandoned) return EMPTY;
    this.dots = undefined;
    this.mode = 'command';
    this.asked.push('');
    const [kept, length] = [this.content.bytes(), this.content.length];
    const subject = /^subject:[ \t]*(.*?)\r?$/im.exec(fromUtf8(kept.subarray(0, 4096)))?.[1];
    const summary = `message, ${length} B${subject ? `: ${subject}` : ''}`;
    this.emit(
      this.content,
      'request',
      fault ? `${summary}; malformed: a ${fault}` : summary,
      fault !== undefined,
      () => contentFields(kept, length),
    );
    return bytes.subarray(taken);
  }

  /** Line by line, so that each reply knows its bytes. */
  private hear(bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0; ) {
      const end = rest.indexOf(LF) + 1 || rest.length;
      const part = rest.subarray(0, end);
      rest = rest.subarray(end);
      this.reply.keep(part);
      try {
        this.replies.push(part);
        const reply = this.replies.next();
        if (reply) this.replied(reply.code, reply.lines);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        this.replies = new ReplyReader();
        this.emit(this.reply, 'reply', `malformed: ${error.message} (${error.spec})`, true);
      }
    }
  }

  private replied(code: number, lines: readonly string[]): void {
    const isGreeting = !this.greeted;
    this.greeted = true;
    const verb = isGreeting ? undefined : this.asked.shift();
    if (verb === 'DATA' && code === 354) this.mode = 'content';
    if (verb === 'AUTH' && code === 334) this.mode = 'response';
    const whole = this.reply.bytes();
    const text = verb === 'EHLO' && code === 250 ? (lines[0] ?? '') : lines.join(' ');
    const more = verb === 'EHLO' && lines.length > 1 ? `, offers ${lines.slice(1).join(', ')}` : '';
    const summary = `${code} ${text}${more}`.trim();
    this.emit(this.reply, isGreeting ? 'other' : 'reply', summary, false, () => replyFields(whole));
  }

  private emit(
    keeper: Keeper,
    role: Dissected['role'],
    summary: string,
    malformed = false,
    fields: Dissected['fields'] = () => [],
  ): void {
    const { length } = keeper;
    keeper.clear();
    this.done.push({ length, summary, role, ...(malformed && { malformed }), fields });
  }

  private flush(): readonly Dissected[] {
    const { done } = this;
    this.done = [];
    return done;
  }
}

function commandOf(text: string): Command | ProtocolError {
  try {
    return parseCommand(text, true);
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

/** Passwords are not shown in a line that people look over others' shoulders at. */
function summaryOf(text: string, command: Command): string {
  return command.type === 'AUTH' ? `AUTH ${command.mechanism}` : text;
}

function opaque(bytes: Uint8Array, what: string): Dissected {
  return {
    length: bytes.length,
    summary: `${bytes.length} B ${what}`,
    role: 'other',
    fields: () => [{ name: 'Data', value: preview(bytes), start: 0, end: bytes.length }],
  };
}
