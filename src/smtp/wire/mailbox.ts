/** Paths and mailboxes (RFC 5321 §4.1.2), with SMTPUTF8 in more than ASCII (RFC 6531 §3.3). */
import { utf8 } from '../../lib/bytes.ts';
import { LOCAL_PART_LIMIT, PATH_LIMIT } from '../defaults.ts';
import { badPath, type SmtpError, utf8NotAsked } from '../errors.ts';
import type { Mailbox, ReversePath } from '../types.ts';
import { ATOM, isUnicode } from './ascii.ts';
import { isAddressLiteral, isDomain } from './domain.ts';

/** Whose path it is: of the sender or of a recipient; each has its own code (RFC 3463 §3.2). */
export type Whose = 'sender' | 'recipient';

const ENHANCED: Readonly<Record<Whose, string>> = { sender: '5.1.7', recipient: '5.1.3' };

/** `<>`, `<a@b>`, `<@relay,@other:a@b>`: the source route is ignored (RFC 5321 §4.1.2, appendix C). Throws SmtpError. */
export function parsePath(text: string, whose: Whose, allowUtf8: boolean): ReversePath {
  const enhanced = ENHANCED[whose];
  if (!text.startsWith('<') || !text.endsWith('>')) throw unbracketed(text, whose);
  if (utf8(text).length > PATH_LIMIT) {
    throw badPath(`An address has at most ${PATH_LIMIT} octets`, enhanced);
  }
  if (text === '<>') {
    if (whose === 'sender') return null;
    throw badPath('A message needs a recipient: <name@example.com>', enhanced);
  }
  const inside = text.slice(1, -1);
  const route = /^@[^:"]*:/.exec(inside)?.[0] ?? '';
  if (route !== '' && !isRoute(route)) throw badPath('No source route: @host,@host:', enhanced);
  const mailbox = inside.slice(route.length);
  // RFC 5321 §4.1.1.3: the one address that needs no domain.
  if (whose === 'recipient' && mailbox.toLowerCase() === 'postmaster') {
    return { local: mailbox, domain: '' };
  }
  return parseMailbox(mailbox, whose, allowUtf8);
}

/** Says which form the same address has with its brackets. */
export function unbracketed(text: string, whose: Whose): SmtpError {
  const bare = text.replace(/^[<\s]+|[>\s]+$/g, '');
  const example = /^[^\s<>@]{1,64}@[^\s<>@]{1,255}$/.test(bare) ? bare : 'name@example.com';
  return badPath(`An address stands in brackets: <${example}>`, ENHANCED[whose]);
}

function isRoute(route: string): boolean {
  const hops = route.slice(0, -1).split(',');
  return hops.every((hop) => hop.startsWith('@') && isDomain(hop.slice(1)));
}

/** `a@b`, `"a b"@b`, `a@[127.0.0.1]`. Throws SmtpError that says what is wrong with it. */
export function parseMailbox(text: string, whose: Whose, allowUtf8: boolean): Mailbox {
  const enhanced = ENHANCED[whose];
  if (!allowUtf8 && isUnicode(text)) throw utf8NotAsked();
  const at = text.startsWith('"') ? text.lastIndexOf('@') : text.indexOf('@');
  if (at < 0) throw badPath(`An address needs a domain: <${shown(text)}@example.com>`, enhanced);
  const local = localPart(text.slice(0, at));
  if (local === undefined || utf8(local).length > LOCAL_PART_LIMIT) {
    throw badPath('That can be no name of a mailbox', enhanced);
  }
  const domain = text.slice(at + 1);
  if (!isDomain(domain) && !isAddressLiteral(domain)) {
    throw badPath(
      `${domain.startsWith('[') ? 'No address literal' : 'No domain'} after @`,
      enhanced,
    );
  }
  return { local, domain };
}

function isDotString(text: string): boolean {
  return text.includes('.') ? text.split('.').every((atom) => ATOM.test(atom)) : ATOM.test(text);
}

function shown(text: string): string {
  return ATOM.test(text) && text.length <= LOCAL_PART_LIMIT ? text : 'name';
}

/** The local part without quotes: all quoted forms of one name are one (§4.1.2). Undefined when it is none. */
function localPart(text: string): string | undefined {
  if (!text.startsWith('"')) {
    return isDotString(text) ? text : undefined;
  }
  const quoted = /^"((?:[ !#-[\]-~\u0080-\u{10ffff}]|\\[ -~])*)"$/u.exec(text);
  return quoted?.[1]?.replace(/\\(.)/g, '$1');
}

/** `a@b`, quoted only where it must be (§4.1.2). '' for null. */
export function mailboxText(mailbox: ReversePath): string {
  if (mailbox === null) return '';
  const { local, domain } = mailbox;
  const name = isDotString(local) ? local : `"${local.replace(/["\\]/g, '\\$&')}"`;
  return domain === '' ? name : `${name}@${domain}`;
}

export function pathText(path: ReversePath): string {
  return `<${mailboxText(path)}>`;
}
