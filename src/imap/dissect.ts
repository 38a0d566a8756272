/** What is said on a connection, as messages: for traces and captured files. */
import { concat, fromUtf8 } from '../lib/bytes.ts';
import { ProtocolError } from '../lib/errors.ts';
import {
  type Dissected,
  type Dissector,
  preview,
  type Speaker,
  type StreamDissector,
} from '../trace/index.ts';
import { COMMAND_LINE_LIMIT, IMAP_PORT, IMAPS_PORT } from './defaults.ts';
import { commandFields, lineFields, responseFields } from './dissect-fields.ts';
import { LF } from './wire/ascii.ts';
import { nameOf, parseCommand, tagOf } from './wire/command.ts';
import type { Response } from './wire/response.ts';
import { parseResponse } from './wire/response.ts';
import { type Unit, UnitReader } from './wire/unit-reader.ts';

/** Octets of a command or a response that are kept to show its fields; a large one is counted, not held. */
const KEPT_BYTES: number = 64 * 1024;

/** What of a line is shown in a summary. */
const SHOWN = 120;

export const imapDissector: Dissector = {
  protocol: 'imap',
  ports: [IMAP_PORT, IMAPS_PORT, 1143, 2143],
  stream: () => new ImapStream(),
};

class ImapStream implements StreamDissector {
  private readonly client = new Gatherer();
  private readonly server = new Gatherer();
  private isOpaque = false;
  /** Names of the commands that are not answered, by their tags. */
  private readonly asked = new Map<string, string>();
  /** The client's next line is no command: it belongs to AUTHENTICATE or IDLE. */
  private within = '';
  private done: Dissected[] = [];

  push(speaker: Speaker, bytes: Uint8Array): readonly Dissected[] {
    if (this.isOpaque || (speaker === 'client' && this.isTls(bytes))) {
      this.isOpaque = true;
      return [opaque(bytes)];
    }
    const gatherer = speaker === 'client' ? this.client : this.server;
    for (let rest = bytes; rest.length > 0; ) {
      if (this.isOpaque) {
        this.done.push(opaque(rest));
        break;
      }
      const taken = gatherer.take(rest);
      rest = rest.subarray(taken);
      if (gatherer.isWhole) this.whole(speaker, gatherer);
    }
    return this.flush();
  }

  end(speaker: Speaker): readonly Dissected[] {
    const gatherer = speaker === 'client' ? this.client : this.server;
    const { length } = gatherer;
    if (length > 0) {
      gatherer.clear();
      const summary = `${length} B, the rest of it is missing`;
      this.done.push({ length, summary, role: 'other', malformed: true, fields: () => [] });
    }
    return this.flush();
  }

  /** A handshake record (RFC 8446 §5.1) where a command would begin. */
  private isTls(bytes: Uint8Array): boolean {
    return bytes[0] === 0x16 && this.client.length === 0;
  }

  private whole(speaker: Speaker, gatherer: Gatherer): void {
    const { length } = gatherer;
    const bytes = gatherer.bytes();
    gatherer.clear();
    const unit = unitOf(bytes, length);
    if (speaker === 'server') this.response(bytes, length, unit);
    else if (this.within !== '') this.line(bytes, length);
    else this.command(bytes, length, unit);
  }

  private line(bytes: Uint8Array, length: number): void {
    const what = this.within === 'IDLE' ? fromUtf8(bytes).trim() : 'response of AUTHENTICATE';
    this.within = '';
    this.done.push({ length, summary: what, role: 'other', fields: () => lineFields(bytes) });
  }

  private command(bytes: Uint8Array, length: number, unit: Unit | undefined): void {
    const first = fromUtf8(bytes.subarray(0, 4096)).split('\r\n')[0] ?? '';
    const tag = tagOf(first) ?? '';
    const name = nameOf(first);
    if (tag !== '') this.asked.set(tag, name);
    const fault = unit && faultOf(() => parseCommand(unit, { utf8: true }));
    const summary = fault
      ? `malformed: ${fault.message} (${fault.spec})`
      : commandSummary(first, name);
    this.done.push({
      length,
      summary,
      role: 'request',
      key: tag,
      ...(fault && { malformed: true }),
      fields: () => commandFields(bytes, length),
    });
  }

  private response(bytes: Uint8Array, length: number, unit: Unit | undefined): void {
    let response: Response | undefined;
    const fault = unit && faultOf(() => (response = parseResponse(unit, { utf8: true })));
    const line = fromUtf8(bytes.subarray(0, 4096)).split('\r\n')[0] ?? '';
    const tag = response?.type === 'status' ? response.tag : undefined;
    // A literal that was refused does not come (RFC 9051 §7.6).
    const refused = tag === undefined ? undefined : this.client.refuse(tag);
    if (refused) this.command(refused, refused.length, undefined);
    this.done.push({
      length,
      summary: fault ? `malformed: ${fault.message} (${fault.spec})` : shortened(line),
      role: tag === undefined ? 'other' : 'reply',
      ...(tag !== undefined && { key: tag }),
      ...(fault && { malformed: true }),
      fields: () => responseFields(bytes, length),
    });
    if (response) this.follow(response);
  }

  /** What a response means for what the client will say. */
  private follow(response: Response): void {
    if (response.type === 'continuation') {
      if (this.client.length > 0) return;
      const last = [...this.asked.values()].at(-1);
      if (last === 'AUTHENTICATE' || last === 'IDLE') this.within = last;
      return;
    }
    if (response.type !== 'status' || response.tag === undefined) return;
    const name = this.asked.get(response.tag);
    this.asked.delete(response.tag);
    if (name === 'AUTHENTICATE' || name === 'IDLE') this.within = '';
    if (name === 'COMPRESS' && response.status === 'OK') this.isOpaque = true;
  }

  private flush(): readonly Dissected[] {
    const { done } = this;
    this.done = [];
    return done;
  }
}

/** Octets up to the end of a command or a response, literals with them: all counted, the first of them kept. */
class Gatherer {
  length = 0;
  isWhole = false;
  private parts: Uint8Array[] = [];
  private left = 0;
  /** The end of the line under way. */
  private tail = '';
  private waits = false;

  /** How many of the octets belong to it. */
  take(bytes: Uint8Array): number {
    this.waits = false;
    if (this.left > 0) {
      const part = bytes.subarray(0, this.left);
      this.left -= part.length;
      this.keep(part);
      return part.length;
    }
    const end = bytes.indexOf(LF) + 1;
    const part = end === 0 ? bytes : bytes.subarray(0, end);
    this.keep(part);
    this.tail = (this.tail + fromUtf8(part.subarray(-24))).slice(-24);
    if (end === 0) return part.length;
    const [, digits, plus] = /\{(\d{1,10})(\+?)\}\r?\n$/.exec(this.tail) ?? [];
    this.tail = '';
    this.left = Number(digits ?? 0);
    this.waits = digits !== undefined && plus === '';
    this.isWhole = digits === undefined;
    return part.length;
  }

  /** The octets of a command with this tag up to a literal that will not come; undefined where there is none. */
  refuse(tag: string): Uint8Array | undefined {
    if (!this.waits) return undefined;
    const bytes = this.bytes();
    if (tagOf(fromUtf8(bytes)) !== tag) return undefined;
    const isAll = bytes.length === this.length;
    this.clear();
    return isAll ? bytes : undefined;
  }

  bytes(): Uint8Array {
    return concat(this.parts);
  }

  clear(): void {
    this.length = 0;
    this.parts = [];
    this.left = 0;
    this.waits = false;
    this.isWhole = false;
  }

  private keep(bytes: Uint8Array): void {
    const room = KEPT_BYTES - this.length;
    this.length += bytes.length;
    if (room > 0 && bytes.length > 0) this.parts.push(bytes.subarray(0, room));
  }
}

/** Undefined where not all of it was kept. */
function unitOf(bytes: Uint8Array, length: number): Unit | undefined {
  if (bytes.length < length) return undefined;
  const reader = new UnitReader(COMMAND_LINE_LIMIT);
  reader.push(bytes);
  for (let step = reader.next(); step; step = reader.next()) {
    if (step.type === 'unit') return step.unit;
    reader.keep();
  }
  return undefined;
}

function faultOf(act: () => unknown): ProtocolError | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
  return undefined;
}

/** Passwords are not shown in a line that people look over others' shoulders at. */
function commandSummary(line: string, name: string): string {
  if (name === 'LOGIN' || name === 'AUTHENTICATE') {
    return (/^\S+ \S+ (?:"[^"]*"|\S+)/.exec(line)?.[0] ?? line).slice(0, SHOWN);
  }
  return shortened(line);
}

function shortened(line: string): string {
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}

function opaque(bytes: Uint8Array): Dissected {
  const { length } = bytes;
  return {
    length,
    summary: `${length} B of TLS, or compressed`,
    role: 'other',
    fields: () => [{ name: 'Data', value: preview(bytes), start: 0, end: length }],
  };
}
