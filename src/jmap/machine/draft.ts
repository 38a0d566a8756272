/** A new message (RFC 8621 §4.6) as what src/mime builds. */
import { concat, fromUtf8 } from '../../lib/bytes.ts';
import {
  addressText,
  decodeCharset,
  formatAddress,
  type Mailbox,
  type Message,
  type MessageDraft,
  mailboxes,
  type PartDraft,
  parseAddresses,
} from '../../mime/index.ts';
import type { NewAddress, NewEmail, NewPart } from '../types.ts';

/** The bytes of a part that is a blob. */
export type BlobBytes = (id: string) => Uint8Array;

type Fields = { -readonly [Name in keyof MessageDraft]?: MessageDraft[Name] };

export function messageDraft(email: NewEmail, sender: Mailbox, bytesOf: BlobBytes): MessageDraft {
  const others: (readonly [string, string])[] = [...email.fields];
  const draft: Fields = {};
  const named = {
    sender: 'sender',
    'reply-to': 'replyTo',
    to: 'to',
    cc: 'cc',
    bcc: 'bcc',
  } as const;
  for (const [name, people] of email.addresses) {
    if (name === 'from' || people.length === 0) continue;
    const right = people.map(mailboxOf);
    const property = Object.hasOwn(named, name) ? named[name as keyof typeof named] : undefined;
    if (property && right.every((one) => one !== undefined)) draft[property] = right;
    else others.push([titled(name), people.map(addressLine).join(', ')]);
  }
  const from = (email.addresses.get('from') ?? [])
    .map(mailboxOf)
    .filter((one) => one !== undefined);
  return {
    ...draft,
    from: from.length > 0 ? from : sender,
    ...(email.subject !== undefined && { subject: email.subject.replace(/[\r\n\0]+/g, ' ') }),
    ...(email.sentAt && { date: email.sentAt }),
    ...(email.messageId !== undefined && { messageId: email.messageId }),
    inReplyTo: email.inReplyTo,
    references: email.references,
    fields: others,
    ...contentOf(email, bytesOf),
  };
}

/** Undefined for what is no address: a draft may be half finished. */
export function mailboxOf({ name, email }: NewAddress): Mailbox | undefined {
  const [found, ...more] = mailboxes(parseAddresses(email));
  if (!found || more.length > 0 || found.domain === '') return undefined;
  const mailbox = { ...found, name: name.replace(/\p{Cc}+/gu, ' ').trim() };
  try {
    formatAddress(mailbox);
    return mailbox;
  } catch {
    return undefined;
  }
}

/** As it would stand in a header, if it can. */
function addressLine(person: NewAddress): string {
  const right = mailboxOf(person);
  if (right) return formatAddress(right);
  return `${person.name} ${person.email}`.replace(/\p{Cc}+/gu, ' ').trim();
}

function titled(name: string): string {
  return name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

function contentOf(email: NewEmail, bytesOf: BlobBytes): Partial<MessageDraft> {
  const { bodyStructure, textBody, htmlBody, attachments } = email;
  if (bodyStructure) return { content: partDraft(bodyStructure, email, bytesOf) };
  const isPlain = attachments.every(({ subParts }) => subParts === undefined);
  if (!isPlain) {
    const body = [textBody, htmlBody].filter((part) => part !== undefined);
    const parts = [...body, ...attachments].map((part) => partDraft(part, email, bytesOf));
    return { content: { type: 'multipart/mixed', body: parts } };
  }
  return {
    ...(textBody && { text: textOf(textBody, email, bytesOf) }),
    ...(htmlBody && { html: textOf(htmlBody, email, bytesOf) }),
    attachments: attachments.map((part) => ({
      type: part.type,
      content: contentIn(part, email, bytesOf),
      ...(part.name !== undefined && { fileName: part.name }),
      ...(part.cid !== undefined && { id: part.cid }),
      ...(part.location !== undefined && { location: part.location }),
    })),
  };
}

function partDraft(part: NewPart, email: NewEmail, bytesOf: BlobBytes): PartDraft {
  const body = part.subParts
    ? part.subParts.map((inner) => partDraft(inner, email, bytesOf))
    : contentIn(part, email, bytesOf);
  return {
    type: part.type,
    body,
    ...(part.charset !== undefined && { parameters: { charset: part.charset } }),
    ...(part.disposition && { disposition: part.disposition }),
    ...(part.name !== undefined && { fileName: part.name }),
    ...(part.cid !== undefined && { id: part.cid }),
    ...(part.location !== undefined && { location: part.location }),
  };
}

function contentIn(
  { partId, blobId }: NewPart,
  { bodyValues }: NewEmail,
  bytesOf: BlobBytes,
): string | Uint8Array {
  if (partId !== undefined) return bodyValues.get(partId) ?? '';
  return bytesOf(blobId ?? '');
}

function textOf(part: NewPart, email: NewEmail, bytesOf: BlobBytes): string {
  const content = contentIn(part, email, bytesOf);
  if (typeof content === 'string') return content;
  return part.charset === undefined ? fromUtf8(content) : decodeCharset(content, part.charset);
}

/** As it is sent: who gets a blind copy is nobody else's business (RFC 5322 §3.6.3). */
export function withoutBcc({ bytes, root }: Message): Uint8Array {
  const fields = [...root.fields];
  const [start, end] = [root.header.start, root.header.end];
  if (!fields.some(isBcc)) return bytes;
  const pieces: Uint8Array[] = [bytes.subarray(0, fields[0]?.offset ?? start)];
  for (const [at, field] of fields.entries()) {
    const next = fields[at + 1]?.offset ?? headerTextEnd(bytes, end);
    if (!isBcc(field)) pieces.push(bytes.subarray(field.offset, next));
  }
  pieces.push(bytes.subarray(headerTextEnd(bytes, end)));
  return concat(pieces);
}

function isBcc({ name }: { readonly name: string }): boolean {
  return name.toLowerCase() === 'bcc';
}

/** Before the empty line. */
function headerTextEnd(bytes: Uint8Array, end: number): number {
  if (bytes[end - 1] !== 10) return end;
  return bytes[end - 2] === 13 ? end - 2 : end - 1;
}

/** All blobs that a message is made of. */
export function blobIdsOf({ bodyStructure, textBody, htmlBody, attachments }: NewEmail): string[] {
  const ids: string[] = [];
  const look = (part: NewPart): void => {
    if (part.blobId !== undefined) ids.push(part.blobId);
    part.subParts?.forEach(look);
  };
  for (const part of [bodyStructure, textBody, htmlBody, ...attachments]) if (part) look(part);
  return ids;
}

/** Who an account is, in what it writes. */
export function senderOf(address: string, title: string): Mailbox {
  const [found] = mailboxes(parseAddresses(address));
  return { local: found?.local ?? address, domain: found?.domain ?? '', name: title };
}

export function emailOf(mailbox: Mailbox): string {
  return mailbox.domain === '' ? mailbox.local : addressText(mailbox);
}
