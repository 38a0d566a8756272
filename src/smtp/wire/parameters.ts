/** Parameters of MAIL and RCPT (RFC 5321 §4.1.2), each by its own standard. */
import { ENVID_LIMIT, ORCPT_LIMIT } from '../defaults.ts';
import { SmtpError } from '../errors.ts';
import type { MailOptions, Notify, Parameter, RecipientOptions, ReversePath } from '../types.ts';
import { fromXtext, isUnicode, xtext } from './ascii.ts';
import { mailboxText, parseMailbox } from './mailbox.ts';

function bad(message: string, spec: string): SmtpError {
  return new SmtpError('SMTP_BAD_PARAMETER', message, { spec, reply: 501, enhanced: '5.5.4' });
}

/** RFC 5321 §4.1.1.11: what was not offered is 555. */
function unknown(keyword: string, command: string): SmtpError {
  return new SmtpError(
    'SMTP_UNKNOWN_PARAMETER',
    `${command} has no parameter ${keyword.slice(0, 40)} here`,
    { spec: 'RFC 5321 §4.1.1.11', reply: 555, enhanced: '5.5.4' },
  );
}

/** `SIZE=100 BODY=7BIT` as a list, no keyword twice. Throws SmtpError. */
export function parseParameters(text: string): Parameter[] {
  const parameters: Parameter[] = [];
  const spec = 'RFC 5321 §4.1.2';
  for (const word of text.split(' ')) {
    if (word === '') continue;
    const match = /^([a-z0-9][a-z0-9-]*)(?:=([!-<>-~\u0080-\u{10ffff}]+))?$/iu.exec(word);
    if (!match) throw bad('A parameter is KEYWORD or KEYWORD=value', spec);
    const keyword = (match[1] as string).toUpperCase();
    if (parameters.some((one) => one.keyword === keyword)) throw bad(`${keyword} twice`, spec);
    parameters.push({ keyword, value: match[2] });
  }
  return parameters;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Read<T> = (options: Mutable<T>, value: string | undefined) => void;

const MAIL: Readonly<Record<string, Read<MailOptions>>> = {
  SIZE(options, value) {
    // RFC 1870 §5: 1 to 20 digits.
    if (!/^\d{1,20}$/.test(value ?? '')) throw bad('SIZE is a number of octets', 'RFC 1870 §6');
    options.size = Number(value);
  },
  BODY(options, value) {
    const body = value?.toUpperCase();
    if (body !== '7BIT' && body !== '8BITMIME') {
      throw bad('BODY is 7BIT or 8BITMIME', 'RFC 6152 §2');
    }
    options.body = body;
  },
  SMTPUTF8(options, value) {
    if (value !== undefined) throw bad('SMTPUTF8 has no value', 'RFC 6531 §3.4');
    options.utf8 = true;
  },
  RET(options, value) {
    const ret = value?.toUpperCase();
    if (ret !== 'FULL' && ret !== 'HDRS') throw bad('RET is FULL or HDRS', 'RFC 3461 §4.3');
    options.ret = ret;
  },
  ENVID(options, value) {
    const envid = fromXtext(value ?? '');
    if (!envid || (value ?? '').length > ENVID_LIMIT || /[^ -~]/.test(envid)) {
      throw bad('ENVID is xtext of printable characters', 'RFC 3461 §4.4');
    }
    options.envid = envid;
  },
  AUTH(options, value) {
    options.auth = authorOf(value ?? '');
  },
};

/** RFC 4954 §5: a mailbox as xtext, or `<>`. */
function authorOf(value: string): ReversePath {
  if (value === '<>') return null;
  const text = fromXtext(value);
  if (!text) throw bad('AUTH is a mailbox as xtext, or <>', 'RFC 4954 §5');
  return parseMailbox(text, 'sender', true);
}

export function mailOptions(parameters: readonly Parameter[]): MailOptions {
  return read(parameters, MAIL, 'MAIL');
}

const RCPT: Readonly<Record<string, Read<RecipientOptions>>> = {
  NOTIFY(options, value) {
    const words = (value ?? '').toUpperCase().split(',');
    const notify = words.filter(isNotify);
    const never = words.length === 1 && words[0] === 'NEVER';
    if (!never && (notify.length !== words.length || new Set(notify).size !== notify.length)) {
      throw bad('NOTIFY is NEVER, or some of SUCCESS,FAILURE,DELAY', 'RFC 3461 §4.1');
    }
    options.notify = notify;
  },
  ORCPT(options, value = '') {
    const match = /^([a-z0-9-]+);(.+)$/iu.exec(value);
    const address = isUnicode(value) ? match?.[2] : fromXtext(match?.[2] ?? '');
    if (!match || !address || value.length > ORCPT_LIMIT || /\p{Cc}/u.test(address)) {
      throw bad('ORCPT is a type, a semicolon and an address as xtext', 'RFC 3461 §4.2');
    }
    options.orcpt = { type: (match[1] as string).toLowerCase(), address };
  },
};

function isNotify(word: string): word is Notify {
  return word === 'SUCCESS' || word === 'FAILURE' || word === 'DELAY';
}

export function recipientOptions(parameters: readonly Parameter[]): RecipientOptions {
  return read(parameters, RCPT, 'RCPT');
}

function read<T>(
  parameters: readonly Parameter[],
  readers: Readonly<Record<string, Read<T>>>,
  command: string,
): T {
  const options = {} as Mutable<T>;
  for (const { keyword, value } of parameters) {
    const take = Object.hasOwn(readers, keyword) ? readers[keyword] : undefined;
    if (!take) throw unknown(keyword, command);
    take(options, value);
  }
  return options;
}

export function mailParameters(options: MailOptions): string {
  const { size, body, utf8, ret, envid, auth } = options;
  return [
    size === undefined ? '' : ` SIZE=${size}`,
    body === undefined ? '' : ` BODY=${body}`,
    utf8 ? ' SMTPUTF8' : '',
    ret === undefined ? '' : ` RET=${ret}`,
    envid === undefined ? '' : ` ENVID=${xtext(envid)}`,
    auth === undefined ? '' : ` AUTH=${auth === null ? '<>' : xtext(mailboxText(auth))}`,
  ].join('');
}

export function recipientParameters({ notify, orcpt }: RecipientOptions): string {
  const words = notify?.length === 0 ? 'NEVER' : notify?.join(',');
  return [
    words === undefined ? '' : ` NOTIFY=${words}`,
    orcpt === undefined ? '' : ` ORCPT=${orcpt.type};${xtext(orcpt.address)}`,
  ].join('');
}
