/** Commands: lines to commands and back. What is wrong is said in words that help who types by hand. */
import { fromLatin1, utf8 } from '../../lib/bytes.ts';
import { UsageError } from '../../lib/errors.ts';
import type { Line } from '../../lib/lines.ts';
import { COMMAND_LINE_LIMIT } from '../defaults.ts';
import { badArgument, Pop3Error } from '../errors.ts';
import type { Command, Verb } from '../types.ts';

/** How a command is written, and where that stands. */
export const FORMS: Readonly<Record<Verb, { readonly usage: string; readonly spec: string }>> = {
  USER: { usage: 'USER name', spec: 'RFC 1939 §7' },
  PASS: { usage: 'PASS password', spec: 'RFC 1939 §7' },
  APOP: { usage: 'APOP name digest (32 hexadecimal digits)', spec: 'RFC 1939 §7' },
  AUTH: { usage: 'AUTH mechanism [initial-response]', spec: 'RFC 5034 §4' },
  CAPA: { usage: 'CAPA', spec: 'RFC 2449 §5' },
  STLS: { usage: 'STLS', spec: 'RFC 2595 §4' },
  UTF8: { usage: 'UTF8', spec: 'RFC 6856 §2.1' },
  STAT: { usage: 'STAT', spec: 'RFC 1939 §5' },
  LIST: { usage: 'LIST [message]', spec: 'RFC 1939 §5' },
  RETR: { usage: 'RETR message', spec: 'RFC 1939 §5' },
  DELE: { usage: 'DELE message', spec: 'RFC 1939 §5' },
  NOOP: { usage: 'NOOP', spec: 'RFC 1939 §5' },
  RSET: { usage: 'RSET', spec: 'RFC 1939 §5' },
  TOP: { usage: 'TOP message lines', spec: 'RFC 1939 §7' },
  UIDL: { usage: 'UIDL [message]', spec: 'RFC 1939 §7' },
  QUIT: { usage: 'QUIT', spec: 'RFC 1939 §6' },
};

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a line. LF alone ends one too: nothing can be smuggled here. Throws Pop3Error. */
export function lineText({ bytes, fault }: Line): string {
  if (fault === 'too long') throw tooLong();
  if (fault === 'bare CR') throw badLine('A line ends with CR LF, not with CR alone');
  try {
    return decoder.decode(bytes);
  } catch {
    throw badLine('That is no text of ASCII or UTF-8');
  }
}

function badLine(message: string): Pop3Error {
  return new Pop3Error('POP3_BAD_LINE', message, 'RFC 1939 §3');
}

function tooLong(): Pop3Error {
  return new Pop3Error('POP3_LINE_TOO_LONG', 'The line is too long', 'RFC 2449 §4');
}

/** Reads a command. Throws Pop3Error. */
export function parseCommand(text: string): Command {
  const [, word = '', rest = ''] = /^(\S*)(?: (.*))?$/s.exec(text) ?? [];
  const verb = word.toUpperCase();
  if (!Object.hasOwn(FORMS, verb)) throw unknownCommand(text);
  // RFC 5034 §4 keeps AUTH to the same length; clients with long tokens do not.
  if (verb !== 'AUTH' && text.length > COMMAND_LINE_LIMIT) throw tooLong();
  const command = PARSERS[verb as Verb](verb === 'PASS' ? rest : rest.trim());
  const { usage, spec } = FORMS[verb as Verb];
  if (!command) throw badArgument(`The form is ${usage}`, spec);
  if (/\p{Cc}/u.test(rest)) throw badArgument('A control character in the command', spec);
  return command;
}

const UNKNOWN: string = `Unknown command; there are ${Object.keys(FORMS).join(', ')}`;

function unknownCommand(text: string): Pop3Error {
  const isWeb = /^(GET|POST|HEAD|PUT|CONNECT|OPTIONS) /.test(text);
  const isSmtp = /^(EHLO|HELO|MAIL|RCPT|DATA)\b/i.test(text);
  const words = isWeb
    ? 'This is a mail server, not a web server'
    : isSmtp
      ? 'Mail is fetched here, not sent: that is SMTP'
      : UNKNOWN;
  return new Pop3Error('POP3_UNKNOWN_COMMAND', words, 'RFC 1939 §3');
}

type Parser = (rest: string) => Command | undefined;

const PARSERS: Readonly<Record<Verb, Parser>> = {
  USER: (name) => (name === '' ? undefined : { type: 'USER', name }),
  // RFC 1939 §7: spaces may be part of a password.
  PASS: (password) => (password === '' ? undefined : { type: 'PASS', password }),
  APOP: parseApop,
  AUTH: parseAuth,
  LIST: ofMaybeMessage('LIST'),
  UIDL: ofMaybeMessage('UIDL'),
  RETR: ofMessage('RETR'),
  DELE: ofMessage('DELE'),
  TOP: parseTop,
  CAPA: alone('CAPA'),
  STLS: alone('STLS'),
  UTF8: alone('UTF8'),
  STAT: alone('STAT'),
  NOOP: alone('NOOP'),
  RSET: alone('RSET'),
  QUIT: alone('QUIT'),
};

function alone(type: 'CAPA' | 'STLS' | 'UTF8' | 'STAT' | 'NOOP' | 'RSET' | 'QUIT'): Parser {
  return (rest) => (rest === '' ? { type } : undefined);
}

function ofMessage(type: 'RETR' | 'DELE'): Parser {
  return (rest) => (NUMBER.test(rest) ? { type, message: Number(rest) } : undefined);
}

function ofMaybeMessage(type: 'LIST' | 'UIDL'): Parser {
  return (rest) => {
    if (rest === '') return { type, message: undefined };
    return NUMBER.test(rest) ? { type, message: Number(rest) } : undefined;
  };
}

const NUMBER = /^\d{1,10}$/;

function parseTop(rest: string): Command | undefined {
  const [, message, lines] = /^(\d{1,10}) +(\d{1,10})$/.exec(rest) ?? [];
  if (message === undefined || lines === undefined) return undefined;
  return { type: 'TOP', message: Number(message), lines: Number(lines) };
}

function parseApop(rest: string): Command | undefined {
  const [, name, digest] = /^(.+) ([0-9a-f]{32})$/i.exec(rest) ?? [];
  if (name === undefined || digest === undefined) return undefined;
  return { type: 'APOP', name, digest: digest.toLowerCase() };
}

function parseAuth(rest: string): Command | undefined {
  if (rest === '') return { type: 'AUTH', mechanism: undefined, initial: undefined };
  const [, mechanism, initial] = /^([a-z0-9_-]{1,20})(?: +(\S+))?$/i.exec(rest) ?? [];
  if (mechanism === undefined) return undefined;
  return { type: 'AUTH', mechanism: mechanism.toUpperCase(), initial };
}

/** A command as a client sends it, with its line end. Throws UsageError for what would be two. */
export function encodeCommand(command: Command): Uint8Array {
  const text = commandText(command);
  if (/\p{Cc}/u.test(text)) throw new UsageError('a control character in a command');
  return utf8(`${text}\r\n`);
}

export function commandText(command: Command): string {
  return [command.type, ...argumentsOf(command)].join(' ');
}

function argumentsOf(command: Command): readonly (string | number)[] {
  switch (command.type) {
    case 'USER':
      return [command.name];
    case 'PASS':
      return [command.password];
    case 'APOP':
      return [command.name, command.digest];
    case 'AUTH':
      return [command.mechanism, command.initial].filter((word) => word !== undefined);
    case 'LIST':
    case 'UIDL':
      return command.message === undefined ? [] : [command.message];
    case 'RETR':
    case 'DELE':
      return [command.message];
    case 'TOP':
      return [command.message, command.lines];
    default:
      return [];
  }
}

/** A command without what it should not show to people who look on. */
export function shownCommand(command: Command): string {
  if (command.type === 'PASS') return 'PASS ********';
  if (command.type === 'AUTH') return ['AUTH', command.mechanism ?? ''].join(' ').trim();
  return commandText(command);
}

/** The keyword at the beginning of a line, in capitals. */
export function verbOf(line: Uint8Array): string {
  return (/^\S*/.exec(fromLatin1(line.subarray(0, 16)))?.[0] ?? '').toUpperCase();
}
