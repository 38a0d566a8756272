/** A message as JMAP shows it (RFC 8621 §4.1). */
import type { Facts, MessageEntry, Person } from '../../mail/index.ts';
import { type Message, parseMailDate } from '../../mime/index.ts';
import { invalidArguments } from '../errors.ts';
import type { BodyRequest, Json, JsonObject } from '../types.ts';
import { allowsForm, parseHeaderProperty } from '../wire/header-property.ts';
import { keywordOf } from '../wire/keywords.ts';
import { utcDate } from '../wire/values.ts';
import { type BlobOf, type BodyLists, bodyLists, describePart, describeTree } from './body.ts';
import { bodyValues } from './body-values.ts';
import { allHeaders, HEADER_PROPERTIES, headerValue } from './headers.ts';
import { blobIdOf, makeId } from './ids.ts';

/** What the store says of a message: it needs not be read. */
const METADATA: Readonly<Record<string, (entry: MessageEntry) => Json>> = {
  id: ({ id }) => makeId('M', id),
  blobId: ({ id }) => blobIdOf(id),
  threadId: ({ thread }) => makeId('T', thread),
  mailboxIds: ({ folder }) => ({ [makeId('F', folder)]: true }),
  keywords: ({ flags }) => keywordsObject(flags),
  size: ({ size }) => size,
  receivedAt: ({ received }) => utcDate(received),
};

/** People of one field that a summary keeps; who has more is read whole. */
const SUMMARISED_PEOPLE = 100;

type FromFacts = (facts: Facts) => Json | undefined;

/** Of what was found out when the message came in. Undefined: it must be read after all. */
const FROM_FACTS: Readonly<Record<string, FromFacts>> = {
  messageId: ({ messageId }) => (messageId === undefined ? null : [messageId]),
  from: ({ from }) => peopleOf(from),
  to: ({ to }) => peopleOf(to),
  cc: ({ cc }) => peopleOf(cc),
  subject: ({ subject }) => subject.normalize('NFC'),
  hasAttachment: ({ attachments }) => attachments > 0,
  preview: ({ preview }) => preview.slice(0, 256),
};

const BODY = ['bodyStructure', 'bodyValues', 'textBody', 'htmlBody', 'attachments'];

export const EMAIL_DEFAULTS: readonly string[] = [
  ...['id', 'blobId', 'threadId', 'mailboxIds', 'keywords', 'size', 'receivedAt', 'messageId'],
  ...['inReplyTo', 'references', 'sender', 'from', 'to', 'cc', 'bcc', 'replyTo', 'subject'],
  ...['sentAt', 'hasAttachment', 'preview', 'bodyValues', 'textBody', 'htmlBody', 'attachments'],
];

export const PARSE_DEFAULTS: readonly string[] = EMAIL_DEFAULTS.filter(
  (property) => !Object.hasOwn(METADATA, property),
);

/** Throws invalidArguments for properties that no message has. */
export function checkEmailProperties(properties: readonly string[]): void {
  for (const property of properties) {
    const header = parseHeaderProperty(property);
    const isKnown = [METADATA, FROM_FACTS, HEADER_PROPERTIES].some((table) =>
      Object.hasOwn(table, property),
    );
    if (isKnown || BODY.includes(property) || property === 'headers') continue;
    if (header && allowsForm(header.name, header.form)) continue;
    throw invalidArguments(`A message has no ${property}`, 'properties');
  }
}

export function keywordsObject(flags: readonly string[]): JsonObject {
  const keywords = flags.flatMap((flag) => keywordOf(flag) ?? []);
  return Object.fromEntries(keywords.map((keyword) => [keyword, true]));
}

function peopleOf(people: readonly Person[]): Json | undefined {
  if (people.length >= SUMMARISED_PEOPLE) return undefined;
  if (people.length === 0) return null;
  return people.map(({ name, address }) =>
    // What is no address at all keeps its text as the name.
    address === ''
      ? { name: null, email: name }
      : { name: name === '' ? null : name, email: address },
  );
}

export interface EmailSource {
  readonly entry: MessageEntry;
  readonly facts: Facts | undefined;
  /** Reads it. */
  readonly message: () => Message;
}

export function needsMessage(properties: readonly string[]): boolean {
  return properties.some(
    (property) => !Object.hasOwn(METADATA, property) && !Object.hasOwn(FROM_FACTS, property),
  );
}

export function emailObject(
  { entry, facts, message }: EmailSource,
  properties: readonly string[],
  body: BodyRequest,
): JsonObject {
  const blobOf: BlobOf = (part) => blobIdOf(entry.id, part.path === '' ? '1' : part.path);
  let reader: MessageReader | undefined;
  const entries = properties.map((property): [string, Json] => {
    const known = METADATA[property]?.(entry) ?? (facts && FROM_FACTS[property]?.(facts));
    if (known !== undefined) return [property, known];
    reader ??= new MessageReader(message(), facts, body, blobOf);
    return [property, reader.property(property)];
  });
  return Object.fromEntries(entries);
}

/** A message that is no email of the account (Email/parse, §4.9). */
export function parsedObject(
  message: Message,
  facts: Facts,
  properties: readonly string[],
  body: BodyRequest,
): JsonObject {
  const reader = new MessageReader(message, facts, body, () => null);
  const entries = properties.map((property): [string, Json] => {
    if (Object.hasOwn(METADATA, property)) {
      return [property, property === 'size' ? message.bytes.length : null];
    }
    return [property, FROM_FACTS[property]?.(facts) ?? reader.property(property)];
  });
  return Object.fromEntries(entries);
}

class MessageReader {
  private readonly message: Message;
  private readonly facts: Facts | undefined;
  private readonly body: BodyRequest;
  private readonly blobOf: BlobOf;
  private known: BodyLists | undefined;

  constructor(message: Message, facts: Facts | undefined, body: BodyRequest, blobOf: BlobOf) {
    this.message = message;
    this.facts = facts;
    this.body = body;
    this.blobOf = blobOf;
  }

  property(property: string): Json {
    const { root } = this.message;
    const { bodyProperties } = this.body;
    const parts = (name: keyof BodyLists): Json =>
      this.lists[name].map((part) => describePart(this.message, part, bodyProperties, this.blobOf));
    switch (property) {
      case 'bodyStructure':
        return describeTree(this.message, root, bodyProperties, this.blobOf);
      case 'bodyValues':
        return bodyValues(this.message, this.lists, this.body);
      case 'textBody':
      case 'htmlBody':
      case 'attachments':
        return parts(property);
      case 'headers':
        return allHeaders(root.fields);
      case 'hasAttachment':
        return (this.facts?.attachments ?? this.lists.attachments.length) > 0;
      case 'preview':
        return this.facts?.preview ?? '';
    }
    const header = HEADER_PROPERTIES[property] ?? parseHeaderProperty(property);
    return header ? headerValue(root.fields, header) : null;
  }

  private get lists(): BodyLists {
    this.known ??= bodyLists(this.message.root);
    return this.known;
  }
}

/** When it came, as the newest Received says (§4.8). */
export function receivedDate({ root }: Message): number | undefined {
  const newest = root.fields.get('Received');
  const date = newest?.slice(newest.lastIndexOf(';') + 1);
  return date === undefined ? undefined : parseMailDate(date)?.ms;
}
