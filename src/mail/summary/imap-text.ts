/** Texts as IMAP sends them (RFC 9051 §4.3, §7.5.2): made once, so that a list of a folder is a copy. */
import {
  type AddressEntry,
  encodeWords,
  type Fields,
  type Mailbox,
  type Parameters,
  parseAddresses,
} from '../../mime/index.ts';

/** Nothing to be quoted or encoded. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** NIL or a quoted string. Other than ASCII goes as encoded words, which every client reads. */
export function nstring(text: string | undefined): string {
  return text === undefined ? 'NIL' : quotedString(text);
}

export function quotedString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  const plain = text.replace(/[\0\r\n]/g, ' ');
  const ascii = isAscii(plain) ? plain : encodeWords(plain).replace(/[\r\n]+/g, '');
  return `"${ascii.replace(/["\\]/g, '\\$&')}"`;
}

function isAscii(text: string): boolean {
  return !/[\u0080-\u{10ffff}]/u.test(text);
}

/** `("CHARSET" "utf-8")`; values beyond ASCII in the form of RFC 2231. */
export function parameterList(parameters: Parameters): string {
  if (parameters.size === 0) return 'NIL';
  const pairs = [...parameters].map(([name, value]) =>
    isAscii(value)
      ? `${quotedString(name.toUpperCase())} ${quotedString(value)}`
      : `${quotedString(`${name.toUpperCase()}*`)} "utf-8''${encodeURIComponent(value)}"`,
  );
  return `(${pairs.join(' ')})`;
}

/** ENVELOPE: date, subject, from, sender, reply-to, to, cc, bcc, in-reply-to, message-id. */
export function envelopeText(fields: Fields): string {
  const from = addressList(fields, 'From');
  // Sender and Reply-To that are missing are the author's (RFC 9051 §7.5.2).
  const orFrom = (name: string): string => {
    const list = addressList(fields, name);
    return list === 'NIL' ? from : list;
  };
  const parts = [
    nstring(fields.get('Date')),
    nstring(fields.get('Subject')),
    from,
    orFrom('Sender'),
    orFrom('Reply-To'),
    addressList(fields, 'To'),
    addressList(fields, 'Cc'),
    addressList(fields, 'Bcc'),
    nstring(fields.get('In-Reply-To')),
    nstring(fields.get('Message-ID')),
  ];
  return `(${parts.join(' ')})`;
}

function addressList(fields: Fields, name: string): string {
  const value = fields.get(name);
  const entries = value === undefined ? [] : parseAddresses(value);
  return entries.length === 0 ? 'NIL' : `(${entries.map(entryText).join('')})`;
}

/** A group begins with its name as a mailbox without a host, and ends with nothing at all. */
function entryText(entry: AddressEntry): string {
  if (!('group' in entry)) return mailboxText(entry);
  const begin = `(NIL NIL ${quotedString(entry.group)} NIL)`;
  return `${begin}${entry.members.map(mailboxText).join('')}(NIL NIL NIL NIL)`;
}

function mailboxText({ name, local, domain }: Mailbox): string {
  const display = name === '' ? 'NIL' : quotedString(name);
  // What is no address has its text as a name: with an empty mailbox it is still no group.
  const host = domain === '' ? '""' : quotedString(domain);
  return `(${display} NIL ${quotedString(local)} ${host})`;
}
