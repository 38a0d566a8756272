/** Header fields in the forms in which they are asked for (RFC 8621 §4.1.2). */
import { fromUtf8, latin1 } from '../../lib/bytes.ts';
import {
  type AddressEntry,
  addressText,
  decodeWords,
  type Field,
  type Fields,
  fieldValue,
  type Mailbox,
  mailboxes,
  parseAddresses,
  parseMailDate,
  parseMessageIds,
} from '../../mime/index.ts';
import type { HeaderForm, HeaderProperty, Json } from '../types.ts';
import { zonedDate } from '../wire/values.ts';

/** The last field of the name, or all of them. */
export function headerValue(fields: Fields, { name, form, all }: HeaderProperty): Json {
  const wanted = name.toLowerCase();
  const found = [...fields].filter((field) => field.name.toLowerCase() === wanted);
  if (all) return found.map((field) => formed(field, form));
  const last = found.at(-1);
  return last ? formed(last, form) : null;
}

/** Name and raw value of every field (§4.1.3). */
export function allHeaders(fields: Fields): Json {
  return [...fields].map((field) => ({ name: field.name, value: rawValue(field) }));
}

function rawValue({ raw }: Field): string {
  return fromUtf8(latin1(raw)).replaceAll('\0', '');
}

function formed(field: Field, form: HeaderForm): Json {
  switch (form) {
    case 'asRaw':
      return rawValue(field);
    case 'asText':
      return decodeWords(fieldValue(field)).normalize('NFC');
    case 'asAddresses':
      return mailboxes(parseAddresses(fieldValue(field))).map(person);
    case 'asGroupedAddresses':
      return grouped(parseAddresses(fieldValue(field)));
    case 'asMessageIds':
      return orNull(parseMessageIds(fieldValue(field)));
    case 'asDate': {
      const date = parseMailDate(fieldValue(field));
      return date ? zonedDate(date) : null;
    }
    case 'asURLs':
      return orNull(
        [...fieldValue(field).matchAll(/<([^<>]*)>/g)].map(([, url = '']) =>
          url.replace(/\s+/g, ''),
        ),
      );
  }
}

function orNull(list: readonly string[]): Json {
  return list.length === 0 ? null : list;
}

function person(mailbox: Mailbox): Json {
  const email = mailbox.domain === '' ? mailbox.local : addressText(mailbox);
  // What is no address at all keeps its text as the name.
  if (email === '') return { name: null, email: mailbox.name };
  return { name: mailbox.name === '' ? null : mailbox.name, email };
}

function grouped(entries: readonly AddressEntry[]): Json {
  const groups: { name: string | null; addresses: Json[] }[] = [];
  for (const entry of entries) {
    if ('group' in entry) {
      groups.push({ name: entry.group, addresses: entry.members.map(person) });
      continue;
    }
    const last = groups.at(-1);
    if (last && last.name === null) last.addresses.push(person(entry));
    else groups.push({ name: null, addresses: [person(entry)] });
  }
  return groups;
}

/** Properties of a message that are fields of its header (§4.1.3). */
export const HEADER_PROPERTIES: Readonly<Record<string, HeaderProperty>> = Object.fromEntries(
  (
    [
      ['messageId', 'Message-ID', 'asMessageIds'],
      ['inReplyTo', 'In-Reply-To', 'asMessageIds'],
      ['references', 'References', 'asMessageIds'],
      ['sender', 'Sender', 'asAddresses'],
      ['from', 'From', 'asAddresses'],
      ['to', 'To', 'asAddresses'],
      ['cc', 'Cc', 'asAddresses'],
      ['bcc', 'Bcc', 'asAddresses'],
      ['replyTo', 'Reply-To', 'asAddresses'],
      ['subject', 'Subject', 'asText'],
      ['sentAt', 'Date', 'asDate'],
    ] as const
  ).map(([property, name, form]) => [property, { property, name, form, all: false }]),
);
