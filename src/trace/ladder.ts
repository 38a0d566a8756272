/** The ladder as text: a column for each host, a line for each message. */
import type { Message } from './message.ts';
import type { Field } from './types.ts';

export interface LadderOptions {
  /** Colours by ANSI escapes. */
  readonly colour?: boolean;
  /** Columns of the terminal; lanes are drawn while they fit. Default: 100. */
  readonly width?: number;
  /** Under each message why it was sent, as far as its sender said. */
  readonly notes?: boolean;
  /** The same, and field trees. */
  readonly fields?: boolean;
  /** Bytes under each message. */
  readonly bytes?: boolean;
}

const RESET = '\x1b[0m';
const DIM = '\x1b[2m';
const RED = '\x1b[31m';
const COLOURS: Readonly<Record<string, string>> = {
  dns: '\x1b[35m',
  http: '\x1b[36m',
  ping: '\x1b[34m',
  telnet: '\x1b[33m',
  tcp: '\x1b[90m',
};

/** A time since the start of the run, in milliseconds with one decimal. */
export function timeText(ms: number): string {
  return ms.toFixed(1);
}

/** All the messages of a finished run, as one text that ends with a line end. */
export function ladder(messages: readonly Message[], options: LadderOptions = {}): string {
  const hosts = [...new Set(messages.flatMap((message) => [message.fromHost, message.toHost]))];
  const lanes = new Lanes(hosts);
  const fits = lanes.width + 46 <= (options.width ?? 100);
  const lines: string[] = fits && messages.length > 0 ? [`${' '.repeat(10)}${lanes.heads()}`] : [];
  for (const message of messages) {
    const middle = fits ? lanes.arrow(message) : fromTo(message);
    lines.push(messageText(message, middle, options), ...details(message, options));
  }
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

/** One message as one line, for a run that goes on: the hosts to come are not known yet. */
export function ladderLine(message: Message, options: LadderOptions = {}): string {
  const lines = [messageText(message, fromTo(message), options), ...details(message, options)];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function fromTo(message: Message): string {
  return `${message.fromHost.padEnd(16)} ${message.role === 'reply' ? '⇠' : '→'} ${message.toHost.padEnd(16)}`;
}

function messageText(message: Message, middle: string, options: LadderOptions): string {
  const time = timeText(message.sentAt).padStart(8);
  const said = `${message.protocol.toUpperCase().padEnd(5)} ${message.summary}${aside(message)}`;
  if (!options.colour) return `${time}  ${middle}  ${said}`;
  const colour =
    message.lost !== undefined || message.malformed ? RED : (COLOURS[message.protocol] ?? '');
  return `${DIM}${time}${RESET}  ${colour}${middle}  ${said}${RESET}`;
}

/** What is worth a word after the summary. */
function aside(message: Message): string {
  if (message.lost !== undefined && message.lost !== message.summary) return `  ✕ ${message.lost}`;
  return message.opensConnection ? `  (connection ${message.conversation}, new)` : '';
}

function details(message: Message, options: LadderOptions): string[] {
  const lines: string[] = [];
  if (options.fields || options.notes) {
    const why = message.notes.map(
      (note) => `Why: ${note.text}${note.spec ? ` (${note.spec})` : ''}`,
    );
    lines.push(...why.map((line) => `${' '.repeat(12)}${line}`));
  }
  if (options.fields) lines.push(...fieldLines(message.fields(), 12));
  if (options.bytes)
    lines.push(...hexLines(message.bytes).map((line) => `${' '.repeat(12)}${line}`));
  return lines;
}

function fieldLines(fields: readonly Field[], indent: number): string[] {
  return fields.flatMap((field) => [
    `${' '.repeat(indent)}${field.name}: ${field.value}${field.spec ? `  [${field.spec}]` : ''}`,
    ...fieldLines(field.children ?? [], indent + 2),
  ]);
}

/** Sixteen bytes a line: offset, hexadecimal, and the characters that can be shown. */
export function hexLines(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const digits = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const shown = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.'));
    lines.push(`${at.toString(16).padStart(4, '0')}  ${digits.padEnd(47)}  ${shown.join('')}`);
  }
  return lines;
}

/** The columns of the hosts, in the order in which they first spoke. */
class Lanes {
  private readonly columns = new Map<string, number>();
  private readonly names: readonly string[];
  readonly width: number;

  constructor(hosts: readonly string[]) {
    this.names = hosts;
    let at = 0;
    for (const host of hosts) {
      this.columns.set(host, at + Math.floor(host.length / 2));
      at += host.length + 2;
    }
    this.width = at;
  }

  heads(): string {
    return this.names.map((name) => `${name}  `).join('');
  }

  arrow(message: Message): string {
    const row = this.names.length > 0 ? this.lifelines() : [];
    const from = this.columns.get(message.fromHost) ?? 0;
    const to = this.columns.get(message.toHost) ?? 0;
    const [left, right] = from < to ? [from, to] : [to, from];
    for (let at = left + 1; at < right; at++) row[at] = message.role === 'reply' ? '╌' : '─';
    row[from] = '●';
    row[to] = from === to ? '●' : to > from ? '▶' : '◀';
    if (message.lost !== undefined) row[Math.floor((from + to) / 2)] = '✕';
    return row.join('');
  }

  private lifelines(): string[] {
    const row = Array.from({ length: this.width }, () => ' ');
    for (const column of this.columns.values()) row[column] = '│';
    return row;
  }
}
