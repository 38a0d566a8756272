/** Commands (RFC 5321 §4.1.1): lines to commands and back. What is wrong is said in words that help who types by hand. */
import { utf8 } from '../../lib/bytes.ts';
import { UsageError } from '../../lib/errors.ts';
import type { Line } from '../../lib/lines.ts';
import { COMMAND_LINE_LIMIT } from '../defaults.ts';
import { badArgument, SmtpError, utf8NotAsked } from '../errors.ts';
import type { Command, Mailbox, Verb } from '../types.ts';
import { isUnicode } from './ascii.ts';
import { isAddressLiteral, isDomain } from './domain.ts';
import { parsePath, pathText, unbracketed } from './mailbox.ts';
import {
  mailOptions,
  mailParameters,
  parseParameters,
  recipientOptions,
  recipientParameters,
} from './parameters.ts';

/** How a command is written: for HELP and for who writes it wrongly. */
export const USAGE: Readonly<Record<Verb, string>> = {
  EHLO: 'EHLO client.example.com',
  HELO: 'HELO client.example.com',
  MAIL: 'MAIL FROM:<sender@example.com>',
  RCPT: 'RCPT TO:<recipient@example.com>',
  DATA: 'DATA',
  BDAT: 'BDAT size [LAST]',
  RSET: 'RSET',
  VRFY: 'VRFY name',
  EXPN: 'EXPN list',
  HELP: 'HELP [command]',
  NOOP: 'NOOP',
  QUIT: 'QUIT',
  STARTTLS: 'STARTTLS',
  AUTH: 'AUTH mechanism [initial-response]',
};

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a line. Throws SmtpError for what can be no command's line. */
export function lineText(line: Line): string {
  if (line.fault === 'too long') {
    throw lineError('SMTP_LINE_TOO_LONG', 'The line is too long', 'RFC 5321 §4.5.3.1.4');
  }
  if (line.fault) {
    const text = `A line ends with CR LF, not with a ${line.fault} (nc -C, openssl s_client -crlf)`;
    throw lineError('SMTP_BAD_LINE_END', text, 'RFC 5321 §2.3.8');
  }
  try {
    return decoder.decode(line.bytes);
  } catch {
    throw lineError('SMTP_UNKNOWN_COMMAND', 'That is no text of ASCII or UTF-8', 'RFC 5321 §2.4');
  }
}

function lineError(
  code: 'SMTP_LINE_TOO_LONG' | 'SMTP_BAD_LINE_END' | 'SMTP_UNKNOWN_COMMAND',
  message: string,
  spec: string,
): SmtpError {
  return new SmtpError(code, message, { spec, reply: 500, enhanced: '5.5.2' });
}

/** Reads a command. `allowUtf8`: the transaction was begun with SMTPUTF8. Throws SmtpError. */
export function parseCommand(text: string, allowUtf8 = false): Command {
  const [, word = '', rest = ''] = /^([a-z]*)(.*)$/is.exec(text) ?? [];
  const verb = word.toUpperCase();
  const isKnown = Object.hasOwn(USAGE, verb) && (rest === '' || rest.startsWith(' '));
  if (verb !== 'AUTH' && text.length > COMMAND_LINE_LIMIT) {
    throw lineError('SMTP_LINE_TOO_LONG', 'The line is too long', 'RFC 5321 §4.5.3.1.4');
  }
  if (!isKnown) throw unknownCommand(text);
  if (/\p{Cc}/u.test(rest.replaceAll('\t', ' '))) {
    throw badArgument('A control character in the command', 'RFC 5321 §4.1.2');
  }
  return PARSERS[verb as Verb](rest.replace(/[ \t]+$/, ''), allowUtf8);
}

function unknownCommand(text: string): SmtpError {
  const isWeb = /^(GET|POST|HEAD|PUT|CONNECT|OPTIONS) /.test(text);
  const words = isWeb
    ? 'This is a mail server, not a web server'
    : 'Command not recognized; try HELP';
  return lineError('SMTP_UNKNOWN_COMMAND', words, 'RFC 5321 §4.2.4');
}

type Parser = (rest: string, allowUtf8: boolean) => Command;

const PARSERS: Readonly<Record<Verb, Parser>> = {
  EHLO: hello('EHLO'),
  HELO: hello('HELO'),
  MAIL: parseMail,
  RCPT: parseRecipient,
  BDAT: parseChunk,
  AUTH: parseAuth,
  VRFY: withText('VRFY'),
  EXPN: withText('EXPN'),
  HELP: (rest) => ({ type: 'HELP', text: rest.trim() }),
  NOOP: (rest) => ({ type: 'NOOP', text: rest.trim() }),
  DATA: alone('DATA'),
  RSET: alone('RSET'),
  QUIT: alone('QUIT'),
  STARTTLS: alone('STARTTLS'),
};

function alone(type: 'DATA' | 'RSET' | 'QUIT' | 'STARTTLS'): Parser {
  return (rest) => {
    if (rest !== '') throw badArgument(`${type} stands alone on its line`, 'RFC 5321 §4.1.1');
    return { type };
  };
}

function withText(type: 'VRFY' | 'EXPN'): Parser {
  return (rest) => {
    const text = rest.trim();
    if (text === '') throw badArgument(`Say whom: ${USAGE[type]}`, 'RFC 5321 §4.1.1.6');
    return { type, text };
  };
}

/** Names that are none are common among clients that mean well: only what cannot be shown is refused. */
function hello(type: 'EHLO' | 'HELO'): Parser {
  return (rest) => {
    const name = rest.trim();
    const spec = 'RFC 5321 §4.1.1.1';
    if (name === '') throw badArgument(`Say who you are: ${USAGE[type]}`, spec);
    if (isDomain(name) || isAddressLiteral(name)) return { type, name };
    // RFC 1123 §5.2.5: a server must not refuse mail for a bad name; underscores and bare addresses are seen.
    if (/^[\w.:[\]-]{1,255}$/.test(name)) return { type, name };
    throw badArgument(`That is no name of a host: ${USAGE[type]}`, spec);
  };
}

function parseMail(rest: string): Command {
  const { path, parameters } = pathAndParameters('MAIL', rest, 'sender');
  const options = mailOptions(parseParameters(parameters));
  if (!options.utf8 && isUnicode(rest)) throw utf8NotAsked();
  return { type: 'MAIL', path: parsePath(path, 'sender', true), options };
}

function parseRecipient(rest: string, allowUtf8: boolean): Command {
  const { path, parameters } = pathAndParameters('RCPT', rest, 'recipient');
  const mailbox = parsePath(path, 'recipient', allowUtf8) as Mailbox;
  if (!allowUtf8 && isUnicode(parameters)) throw utf8NotAsked();
  return { type: 'RCPT', path: mailbox, options: recipientOptions(parseParameters(parameters)) };
}

/** A space after the colon is no part of the grammar, but of many clients: understood. */
const ARGUMENT = { MAIL: /^ +FROM *: *(.*)$/i, RCPT: /^ +TO *: *(.*)$/i };

function pathAndParameters(
  verb: 'MAIL' | 'RCPT',
  rest: string,
  whose: 'sender' | 'recipient',
): { path: string; parameters: string } {
  const argument = ARGUMENT[verb].exec(rest)?.[1];
  if (argument === undefined || argument === '') {
    throw badArgument(`The form is ${USAGE[verb]}`, 'RFC 5321 §4.1.1');
  }
  // Within quotes neither brackets nor spaces end the path.
  const path = /^<(?:[^">]|"(?:[^"\\]|\\.)*")*>/.exec(argument)?.[0];
  if (path === undefined) throw unbracketed(argument.split(' ')[0] ?? '', whose);
  const parameters = argument.slice(path.length);
  if (parameters !== '' && !parameters.startsWith(' ')) {
    throw badArgument(`The form is ${USAGE[verb]}`, 'RFC 5321 §4.1.2');
  }
  return { path, parameters };
}

function parseChunk(rest: string): Command {
  const match = /^ +(\d{1,15})( +LAST)?$/i.exec(rest);
  if (!match) throw badArgument(`The form is ${USAGE.BDAT}`, 'RFC 3030 §2');
  return { type: 'BDAT', size: Number(match[1]), last: match[2] !== undefined };
}

function parseAuth(rest: string): Command {
  const match = /^ +([a-z0-9_-]{1,20})(?: +(\S+))?$/i.exec(rest);
  if (!match) throw badArgument(`The form is ${USAGE.AUTH}`, 'RFC 4954 §4');
  return { type: 'AUTH', mechanism: (match[1] as string).toUpperCase(), initial: match[2] };
}

/** A command as a client sends it, with its line end. Throws UsageError for what would be two. */
export function encodeCommand(command: Command): Uint8Array {
  const text = commandText(command);
  if (/\p{Cc}/u.test(text)) throw new UsageError('a control character in a command');
  return utf8(`${text}\r\n`);
}

export function commandText(command: Command): string {
  switch (command.type) {
    case 'EHLO':
    case 'HELO':
      return `${command.type} ${command.name}`;
    case 'MAIL':
      return `MAIL FROM:${pathText(command.path)}${mailParameters(command.options)}`;
    case 'RCPT':
      return `RCPT TO:${pathText(command.path)}${recipientParameters(command.options)}`;
    case 'BDAT':
      return `BDAT ${command.size}${command.last ? ' LAST' : ''}`;
    case 'AUTH':
      return `AUTH ${command.mechanism}${command.initial === undefined ? '' : ` ${command.initial}`}`;
    case 'VRFY':
    case 'EXPN':
    case 'HELP':
    case 'NOOP':
      return command.text === '' ? command.type : `${command.type} ${command.text}`;
    default:
      return command.type;
  }
}
