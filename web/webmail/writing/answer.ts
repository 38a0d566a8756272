/** What a reply or a forward begins with. */
import type { Address, OpenedEmail } from '../jmap/types.ts';
import { addressLine, longDate, personName } from '../parts/format.ts';
import { paragraphsOf } from '../reading/flowed.ts';
import { texts } from '../texts.ts';

export interface Beginning {
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly subject: string;
  readonly body: string;
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
}

/** `own`: addresses that are not written to in an answer to all. */
export function replyTo(email: OpenedEmail, own: readonly string[], all: boolean): Beginning {
  const isOwn = ({ email: address }: Address): boolean => own.includes(address.toLowerCase());
  const sender = email.replyTo ?? email.from ?? [];
  const isByMe = (email.from ?? []).every(isOwn);
  // An answer to oneself goes on to whom it was written before.
  const to = isByMe ? (email.to ?? []) : sender;
  const others = isByMe ? (email.cc ?? []) : [...(email.to ?? []), ...(email.cc ?? [])];
  const cc = all ? others.filter((one) => !isOwn(one) && !has(to, one)) : [];
  return {
    to: unique(to),
    cc: unique(cc),
    subject: prefixed('Re', email.subject),
    body: quoted(email),
    ...thread(email),
  };
}

export function forward(email: OpenedEmail): Beginning {
  const line = (name: string, value: string): string => (value === '' ? '' : `${name}: ${value}\n`);
  const list = (people: readonly Address[] | null): string =>
    (people ?? []).map(addressLine).join(', ');
  const { reading, writing } = texts;
  const head =
    line(reading.from, list(email.from)) +
    line(reading.date, longDate(email.sentAt ?? email.receivedAt)) +
    line(reading.subject, email.subject ?? '') +
    line(writing.to, list(email.to)) +
    line(reading.cc, list(email.cc));
  const body = `\n\n${writing.forwarded}\n${head}\n${textOf(email)}`;
  const { references } = thread(email);
  return {
    to: [],
    cc: [],
    subject: prefixed('Fwd', email.subject),
    body,
    inReplyTo: [],
    references,
  };
}

/** RFC 5322 §3.6.4. */
function thread({
  messageId,
  references,
  inReplyTo,
}: OpenedEmail): Pick<Beginning, 'inReplyTo' | 'references'> {
  const own = messageId ?? [];
  return { inReplyTo: own, references: [...(references ?? inReplyTo ?? []), ...own] };
}

export function prefixed(mark: 'Re' | 'Fwd', subject: string | null): string {
  const rest = (subject ?? '').trim();
  const known = mark === 'Re' ? /^re:\s*/i : /^(?:fwd?):\s*/i;
  return known.test(rest) ? rest : `${mark}: ${rest}`;
}

function quoted(email: OpenedEmail): string {
  const who = (email.from ?? []).map(personName).join(', ');
  const lines = textOf(email).trimEnd().split('\n');
  const body = lines.map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`)).join('\n');
  return `\n\n${texts.writing.wrote(longDate(email.sentAt ?? email.receivedAt), who)}\n${body}\n`;
}

/** The plain text of a message; of HTML alone, what stands in it. */
export function textOf({ textBody, bodyValues }: OpenedEmail): string {
  return textBody
    .map((part) => {
      const value = bodyValues[part.partId ?? '']?.value ?? '';
      return part.type === 'text/html' ? htmlToText(value) : paragraphsOf(part, value);
    })
    .join('\n')
    .trim();
}

/** In a document of its own that loads and runs nothing. */
function htmlToText(html: string): string {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  for (const element of parsed.querySelectorAll('style, script, head, template')) element.remove();
  for (const element of parsed.querySelectorAll('br')) element.replaceWith('\n');
  for (const element of parsed.querySelectorAll('td, th')) element.append('  ');
  for (const element of parsed.querySelectorAll(
    'p, div, tr, li, h1, h2, h3, h4, blockquote, table',
  )) {
    element.append('\n');
  }
  return (parsed.body.textContent ?? '')
    .replace(/[ \t]+/g, ' ')
    .replace(/\n\s*\n\s*\n+/g, '\n\n')
    .trim();
}

function has(list: readonly Address[], { email }: Address): boolean {
  return list.some((one) => one.email.toLowerCase() === email.toLowerCase());
}

function unique(list: readonly Address[]): readonly Address[] {
  return list.filter((one, at) => list.findIndex((other) => has([other], one)) === at);
}
