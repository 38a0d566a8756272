/** A reply as `dig` prints it. */
import { endpointText } from '../lib/endpoint.ts';
import type { Exchanged } from './exchange.ts';
import { formatOption } from './options.ts';
import type { Message, Question, ResourceRecord } from './types.ts';
import { formatRdata } from './wire/index.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** Text filled up with tabs to a column, at least one, as dig lays out its records. */
function column(text: string, width: number): string {
  const tabs = Math.max(1, Math.ceil((width - text.length) / 8));
  return text + '\t'.repeat(tabs);
}

/** One record as a line of a zone file. */
export function formatRecord(record: ResourceRecord): string {
  const { name, ttl, type, class: recordClass } = record;
  return `${column(name, 24)}${ttl}\t${recordClass}\t${type}\t${formatRdata(record)}`;
}

function formatQuestion({ name, class: recordClass, type }: Question): string {
  return `${column(`;${name}`, 32)}${recordClass}\t${type}`;
}

function flagsText(message: Message): string {
  const flags: [boolean, string][] = [
    [message.response, 'qr'],
    [message.authoritative, 'aa'],
    [message.truncated, 'tc'],
    [message.recursionDesired, 'rd'],
    [message.recursionAvailable, 'ra'],
    [message.authenticData, 'ad'],
    [message.checkingDisabled, 'cd'],
  ];
  return flags.flatMap(([set, name]) => (set ? [` ${name}`] : [])).join('');
}

/** Header, OPT and the sections that are not empty. */
export function formatMessage(message: Message): string {
  const { opcode, rcode, id, edns, questions, answers, authorities, additionals } = message;
  const extra = additionals.length + (edns ? 1 : 0);
  const lines = [
    `;; ->>HEADER<<- opcode: ${opcode}, status: ${rcode}, id: ${id}`,
    `;; flags:${flagsText(message)}; QUERY: ${questions.length}, ANSWER: ${answers.length}, AUTHORITY: ${authorities.length}, ADDITIONAL: ${extra}`,
  ];
  if (message.response && message.recursionDesired && !message.recursionAvailable) {
    lines.push(';; WARNING: recursion requested but not available');
  }
  lines.push('');
  if (edns) {
    const flags = edns.dnssecOk ? ' do' : '';
    lines.push(
      ';; OPT PSEUDOSECTION:',
      `; EDNS: version: ${edns.version}, flags:${flags}; udp: ${edns.udpSize}`,
      ...edns.options.map((option) => `; ${formatOption(option)}`),
    );
  }
  lines.push(...section('QUESTION', questions.map(formatQuestion)));
  lines.push(...section('ANSWER', answers.map(formatRecord)));
  lines.push(...section('AUTHORITY', authorities.map(formatRecord)));
  lines.push(...section('ADDITIONAL', additionals.map(formatRecord)));
  return lines.join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`;; ${title} SECTION:`, ...lines, ''];
}

/** The whole reply with where it came from; `when` in milliseconds since 1970. */
export function formatReply(reply: Exchanged, when: number): string {
  const { server, took, size, transport } = reply;
  return [
    ';; Got answer:',
    formatMessage(reply.message),
    `;; Query time: ${Math.round(took)} msec`,
    `;; SERVER: ${server.address}#${server.port}(${server.address}) (${transport.toUpperCase()})`,
    `;; WHEN: ${formatTime(when)}`,
    `;; MSG SIZE  rcvd: ${size}`,
    '',
  ].join('\n');
}

/** Only the data of the answers, a line each: `+short`. */
export function formatShort(message: Message): string {
  return message.answers.map((record) => `${formatRdata(record)}\n`).join('');
}

/** One step of an iteration: what was said, by whom, in what time. */
export function formatStep(reply: Exchanged, serverName: string): string {
  const { answers, authorities } = reply.message;
  const from = `${reply.server.address}#${reply.server.port}(${serverName})`;
  const received = `;; Received ${reply.size} bytes from ${from} in ${Math.round(reply.took)} ms`;
  return [...[...answers, ...authorities].map(formatRecord), received, ''].join('\n');
}

/** `Sun Nov 22 09:44:36 UTC 2026`. */
function formatTime(when: number): string {
  const date = new Date(when);
  const [, clock = ''] = /T(.{8})/.exec(date.toISOString()) ?? [];
  const day = String(date.getUTCDate()).padStart(2, '0');
  return `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${day} ${clock} UTC ${date.getUTCFullYear()}`;
}

/** A reply for programs: bytes in hexadecimal, the rest as it is. */
export function replyJson(reply: Exchanged): string {
  const bytes = (_: string, value: unknown) =>
    value instanceof Uint8Array
      ? Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('')
      : value;
  const { server, transport, size, took, message } = reply;
  return JSON.stringify({ server: endpointText(server), transport, size, took, message }, bytes, 2);
}
