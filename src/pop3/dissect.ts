/** What is said on a connection, as messages: for traces and captured files. */
import { fromUtf8 } from '../lib/bytes.ts';
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
import { AUTH_LINE_LIMIT, POP3_PORT, POP3S_PORT } from './defaults.ts';
import { commandFields, exchangeFields, responseFields } from './dissect-fields.ts';
import type { Command, Response, Verb } from './types.ts';
import { lineText, parseCommand, shownCommand } from './wire/command.ts';
import { parseChallenge, parseResponse } from './wire/response.ts';

export const pop3Dissector: Dissector = {
  protocol: 'pop3',
  ports: [POP3_PORT, POP3S_PORT],
  stream: () => new Pop3Stream(),
};

/** A command whose response has not come. */
interface Asked {
  readonly verb: Verb | '';
  /** A positive response has lines and a dot. */
  readonly isLong: boolean;
}

class Pop3Stream implements StreamDissector {
  private isTls = false;
  private readonly request = new Keeper();
  private readonly reply = new Keeper();
  /** The server has challenged: the client's next line is of AUTH. */
  private challenged = false;
  private readonly asked: Asked[] = [];
  private greeted = false;
  /** Within the lines of a long response. */
  private dots: DotReader | undefined;
  private long: { readonly verb: Verb | ''; readonly words: string } | undefined;
  private done: Dissected[] = [];

  push(speaker: Speaker, bytes: Uint8Array): readonly Dissected[] {
    // A handshake record (RFC 8446 §5.1) where a command would begin.
    const isHandshake = speaker === 'client' && bytes[0] === 0x16 && this.request.length === 0;
    if (this.isTls || isHandshake) {
      this.isTls = true;
      return [opaque(bytes)];
    }
    for (let rest = bytes; rest.length > 0; ) {
      if (speaker === 'server' && this.dots) rest = this.takeContent(rest, this.dots);
      else rest = this.takeLine(speaker, rest);
    }
    return this.flush();
  }

  end(speaker: Speaker): readonly Dissected[] {
    const keeper = speaker === 'client' ? this.request : this.reply;
    const { length } = keeper;
    if (length > 0) this.emit(keeper, 'other', `${length} B, the rest of it is missing`, true);
    return this.flush();
  }

  private takeLine(speaker: Speaker, bytes: Uint8Array): Uint8Array {
    const keeper = speaker === 'client' ? this.request : this.reply;
    const end = bytes.indexOf(LF) + 1 || bytes.length;
    keeper.keep(bytes.subarray(0, end));
    const isWhole = bytes[end - 1] === LF;
    if (isWhole || keeper.length > AUTH_LINE_LIMIT) {
      if (speaker === 'client') this.said(keeper.bytes());
      else this.heard(keeper.bytes());
    }
    return bytes.subarray(end);
  }

  private said(whole: Uint8Array): void {
    if (this.challenged) {
      this.challenged = false;
      this.emit(this.request, 'request', 'response of AUTH', false, () =>
        exchangeFields(whole, 'Response'),
      );
      return;
    }
    const command = orError(() => parseCommand(lineText({ bytes: withoutEnd(whole) })));
    if (command instanceof ProtocolError) {
      this.asked.push({ verb: '', isLong: false });
      this.emit(this.request, 'request', `malformed: ${command.message} (${command.spec})`, true);
      return;
    }
    this.asked.push({ verb: command.type, isLong: isLong(command) });
    this.emit(this.request, 'request', shownCommand(command), false, () =>
      commandFields(whole, command),
    );
  }

  private heard(whole: Uint8Array): void {
    const line = { bytes: withoutEnd(whole) };
    const isAuth = this.asked[0]?.verb === 'AUTH';
    const challenge = isAuth ? orError(() => parseChallenge(line)) : undefined;
    if (typeof challenge === 'string') {
      this.challenged = true;
      this.emit(this.reply, 'reply', 'challenge of AUTH', false, () =>
        exchangeFields(whole, 'Challenge'),
      );
      return;
    }
    const response = orError(() => parseResponse(line));
    if (response instanceof ProtocolError) {
      this.emit(this.reply, 'reply', `malformed: ${response.message} (${response.spec})`, true);
      return;
    }
    this.answered(response, wordsOf(response), whole);
  }

  private answered({ ok }: Response, words: string, whole: Uint8Array): void {
    const isGreeting = !this.greeted;
    this.greeted = true;
    const { verb, isLong } = (isGreeting ? undefined : this.asked.shift()) ?? NOTHING;
    if (ok && isLong) {
      this.long = { verb, words };
      this.dots = new DotReader(() => {}, { patient: true });
      return;
    }
    this.emit(this.reply, isGreeting ? 'other' : 'reply', words, false, () =>
      responseFields(whole, verb, whole.length),
    );
  }

  private takeContent(bytes: Uint8Array, dots: DotReader): Uint8Array {
    const taken = dots.push(bytes);
    this.reply.keep(bytes.subarray(0, taken));
    if (dots.done) {
      const { verb, words } = this.long ?? { verb: '' as const, words: '' };
      const { length } = this.reply;
      const kept = this.reply.bytes();
      this.dots = undefined;
      this.emit(this.reply, 'reply', `${words}${contentOf(verb, kept)}`, false, () =>
        responseFields(kept, verb, length),
      );
    }
    return bytes.subarray(taken);
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

const NOTHING: Asked = { verb: '', isLong: false };

/** Which positive responses are of several lines (RFC 1939 §5, §7, RFC 2449 §5). */
function isLong(command: Command): boolean {
  switch (command.type) {
    case 'RETR':
    case 'TOP':
    case 'CAPA':
      return true;
    case 'LIST':
    case 'UIDL':
      return command.message === undefined;
    case 'AUTH':
      return command.mechanism === undefined;
    default:
      return false;
  }
}

function orError<T>(read: () => T): T | ProtocolError {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

function withoutEnd(line: Uint8Array): Uint8Array {
  const end = line[line.length - 1] === LF ? line.length - 1 : line.length;
  return line.subarray(0, line[end - 1] === 13 ? end - 1 : end);
}

function wordsOf({ ok, code, text }: Response): string {
  return [ok ? '+OK' : '-ERR', code === undefined ? '' : `[${code}]`, text]
    .filter((word) => word !== '')
    .join(' ');
}

function contentOf(verb: Verb | '', kept: Uint8Array): string {
  if (verb !== 'RETR' && verb !== 'TOP') {
    const lines = fromUtf8(kept).split('\n').slice(1, -2);
    return `: ${lines.map((line) => line.trim()).join(', ')}`.slice(0, 120);
  }
  const subject = /^subject:[ \t]*(.*?)\r?$/im.exec(fromUtf8(kept.subarray(0, 4096)))?.[1];
  return subject ? `: ${subject}` : '';
}

function opaque(bytes: Uint8Array): Dissected {
  return {
    length: bytes.length,
    summary: `${bytes.length} B of TLS`,
    role: 'other',
    fields: () => [{ name: 'Data', value: preview(bytes), start: 0, end: bytes.length }],
  };
}
