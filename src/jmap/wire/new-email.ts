/** A message that is to be made (RFC 8621 §4.6), checked; SetError invalidProperties names what is wrong. */
import { invalidProperties, type JmapError } from '../errors.ts';
import type { Json, JsonObject, NewAddress, NewEmail, NewPart } from '../types.ts';
import { Arguments } from './arguments.ts';
import { allowsForm, parseHeaderProperty } from './header-property.ts';
import { flagOf } from './keywords.ts';
import { isList, isObject, isTexts, isUnsigned, parseJsonDate } from './values.ts';

const ADDRESS_FIELDS = ['sender', 'from', 'to', 'cc', 'bcc', 'replyTo'] as const;
const FIELD_NAMES: Readonly<Record<string, string>> = {
  replyTo: 'reply-to',
  messageId: 'message-id',
  inReplyTo: 'in-reply-to',
  sentAt: 'date',
};

export function parseNewEmail(value: JsonObject): NewEmail {
  const args = new Arguments(value, invalidProperties);
  if (args.has('headers')) throw invalidProperties('headers: set each field by itself', 'headers');
  checkTwice(value);
  const addresses = new Map<string, readonly NewAddress[]>();
  for (const name of ADDRESS_FIELDS) {
    const list = args.raw(name);
    if (list !== undefined && list !== null)
      addresses.set(FIELD_NAMES[name] ?? name, people(list, name));
  }
  const { fields, subject, ...ids } = otherFields(value, args, addresses);
  const body = bodyOf(args);
  const email: NewEmail = {
    mailboxIds: args.maybeSet('mailboxIds') ?? [],
    keywords: keywordsOf(args),
    receivedAt: args.maybeDate('receivedAt'),
    addresses,
    subject: args.maybeText('subject') ?? subject,
    sentAt: sentAtOf(args),
    messageId: idsOf(args, 'messageId')?.[0] ?? ids.messageId,
    inReplyTo: idsOf(args, 'inReplyTo') ?? ids.inReplyTo,
    references: idsOf(args, 'references') ?? ids.references,
    fields,
    ...body,
  };
  args.done();
  return email;
}

/** There must not be two properties for one field. */
function checkTwice(value: JsonObject): void {
  const seen = new Set<string>();
  for (const property of Object.keys(value)) {
    const header = parseHeaderProperty(property)?.name.toLowerCase();
    const name = header ?? FIELD_NAMES[property] ?? property.toLowerCase();
    if (seen.has(name)) throw invalidProperties(`${property}: ${name} is there twice`, property);
    seen.add(name);
  }
}

export function keywordsOf(args: Arguments): readonly string[] {
  return (args.maybeSet('keywords') ?? []).map((keyword) => flag(keyword, 'keywords'));
}

function flag(keyword: string, property: string): string {
  const found = flagOf(keyword);
  if (found === undefined) throw invalidProperties(`"${keyword}" is no keyword`, property);
  return found;
}

function people(value: Json, property: string): readonly NewAddress[] {
  const bad = (): JmapError =>
    invalidProperties(`${property}: expected a list of {name, email}`, property);
  if (!isList(value)) throw bad();
  return value.map((one) => {
    const { name = null, email } = isObject(one) ? one : {};
    if (typeof email !== 'string' || (name !== null && typeof name !== 'string')) throw bad();
    return { name: name ?? '', email: email.trim() };
  });
}

function idsOf(args: Arguments, name: string): readonly string[] | undefined {
  const ids = args.maybeTexts(name);
  const bad = ids?.find((id) => !isMessageId(id));
  if (bad !== undefined) throw invalidProperties(`${name}: "${bad}" is no message id`, name);
  return ids;
}

function isMessageId(text: string): boolean {
  return /^[^\s<>]{1,900}$/.test(text);
}

function sentAtOf(args: Arguments): NewEmail['sentAt'] {
  const text = args.maybeText('sentAt');
  const date = text === undefined ? undefined : parseJsonDate(text);
  if (text !== undefined && !date) throw invalidProperties('sentAt: expected a date', 'sentAt');
  return date;
}

interface OtherFields {
  readonly fields: (readonly [string, string])[];
  subject: string | undefined;
  messageId: string | undefined;
  inReplyTo: readonly string[];
  references: readonly string[];
}

/** `header:...` properties; those that have a property of their own take its place. */
function otherFields(
  value: JsonObject,
  args: Arguments,
  addresses: Map<string, readonly NewAddress[]>,
): OtherFields {
  const found: OtherFields = {
    fields: [],
    subject: undefined,
    messageId: undefined,
    inReplyTo: [],
    references: [],
  };
  for (const property of Object.keys(value)) {
    if (!property.startsWith('header:')) continue;
    const header = parseHeaderProperty(property);
    const given = args.raw(property) as Json;
    const name = header?.name.toLowerCase() ?? '';
    if (!header || !allowsForm(name, header.form)) {
      throw invalidProperties(`${property} is not in a form that the field may have`, property);
    }
    if (name.startsWith('content-')) {
      throw invalidProperties(`${property} belongs to a part of the body`, property);
    }
    for (const one of header.all && isList(given) ? given : [given]) {
      if (header.form === 'asAddresses') addresses.set(name, people(one, property));
      else placeField(found, header.name, fieldText(one, property, header.form));
    }
  }
  return found;
}

function placeField(found: OtherFields, name: string, value: string): void {
  const ids = (): readonly string[] => value.replace(/[<>]/g, ' ').trim().split(/\s+/);
  const lower = name.toLowerCase();
  if (lower === 'subject') found.subject = value;
  else if (lower === 'message-id') found.messageId = ids()[0];
  else if (lower === 'in-reply-to') found.inReplyTo = ids();
  else if (lower === 'references') found.references = ids();
  else found.fields.push([name, value]);
}

function fieldText(value: Json, property: string, form: string): string {
  if (typeof value === 'string' && !/[\r\n\0]/.test(value)) return value.trim();
  if (isTexts(value) && form === 'asMessageIds' && value.every(isMessageId)) {
    return value.map((id) => `<${id}>`).join(' ');
  }
  if (isTexts(value) && form === 'asURLs' && value.every((url) => /^[^\s<>]+$/.test(url))) {
    return value.map((url) => `<${url}>`).join(', ');
  }
  throw invalidProperties(`${property}: expected a text of one line`, property);
}

type Body = Pick<
  NewEmail,
  'bodyValues' | 'bodyStructure' | 'textBody' | 'htmlBody' | 'attachments'
>;

function bodyOf(args: Arguments): Body {
  const bodyValues = bodyValuesOf(args);
  const structure = args.raw('bodyStructure');
  const [textBody, htmlBody, attachments] = (['textBody', 'htmlBody', 'attachments'] as const).map(
    (name) => partsOf(args, name, bodyValues),
  ) as [NewPart[], NewPart[], NewPart[]];
  if (
    structure !== undefined &&
    [textBody, htmlBody, attachments].some(({ length }) => length > 0)
  ) {
    throw invalidProperties('bodyStructure stands alone', 'bodyStructure');
  }
  checkOne(textBody, 'textBody', 'text/plain');
  checkOne(htmlBody, 'htmlBody', 'text/html');
  return {
    bodyValues,
    bodyStructure:
      structure === undefined ? undefined : partOf(structure, 'bodyStructure', bodyValues),
    textBody: textBody[0],
    htmlBody: htmlBody[0],
    attachments,
  };
}

function checkOne(parts: readonly NewPart[], name: string, type: string): void {
  if (parts.length > 1 || (parts[0] && parts[0].type !== type)) {
    throw invalidProperties(`${name}: expected one part of type ${type}`, name);
  }
}

function bodyValuesOf(args: Arguments): ReadonlyMap<string, string> {
  const values = args.maybeObjects('bodyValues') ?? new Map<string, JsonObject>();
  return new Map(
    [...values].map(([id, { value, isEncodingProblem = false, isTruncated = false }]) => {
      if (typeof value !== 'string' || isEncodingProblem !== false || isTruncated !== false) {
        throw invalidProperties(`bodyValues: ${id} is no whole text`, 'bodyValues');
      }
      return [id, value];
    }),
  );
}

function partsOf(args: Arguments, name: string, values: ReadonlyMap<string, string>): NewPart[] {
  const list = args.raw(name);
  if (list === undefined || list === null) return [];
  if (!isList(list)) throw invalidProperties(`${name}: expected a list of parts`, name);
  const usual = name === 'textBody' ? 'text/plain' : name === 'htmlBody' ? 'text/html' : undefined;
  return list.map((one) => partOf(one, name, values, usual));
}

const MULTIPART_DEPTH = 10;

function partOf(
  value: Json,
  property: string,
  values: ReadonlyMap<string, string>,
  usual?: string,
  depth = 0,
): NewPart {
  const bad = (message: string): JmapError =>
    invalidProperties(`${property}: ${message}`, property);
  if (!isObject(value) || depth > MULTIPART_DEPTH) throw bad('expected a part');
  const args = new Arguments(value, (message) => bad(message));
  const given = args.maybeText('type')?.toLowerCase();
  const subParts = args.raw('subParts') ?? undefined;
  if (subParts !== undefined && !isList(subParts)) throw bad('subParts: expected a list');
  const isMultipart = given?.startsWith('multipart/') ?? subParts !== undefined;
  const part: NewPart = {
    type: given ?? (isMultipart ? 'multipart/mixed' : (usual ?? 'application/octet-stream')),
    partId: args.maybeText('partId'),
    blobId: args.maybeText('blobId'),
    charset: args.maybeText('charset'),
    disposition: dispositionOf(args.maybeText('disposition'), bad),
    name: args.maybeText('name'),
    cid: args.maybeText('cid'),
    location: args.maybeText('location'),
    subParts: isMultipart
      ? (subParts ?? []).map((one) => partOf(one, property, values, undefined, depth + 1))
      : undefined,
  };
  const size = args.raw('size');
  args.raw('language');
  checkPart(part, size, values, bad);
  args.done();
  return part;
}

function dispositionOf(
  value: string | undefined,
  bad: (message: string) => JmapError,
): NewPart['disposition'] {
  const lower = value?.toLowerCase();
  if (lower === undefined || lower === 'inline' || lower === 'attachment') return lower;
  throw bad('disposition is inline or attachment');
}

function checkPart(
  { type, partId, blobId, charset, subParts, cid }: NewPart,
  size: Json | undefined,
  values: ReadonlyMap<string, string>,
  bad: (message: string) => JmapError,
): void {
  if (!/^[\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100}$/.test(type)) throw bad(`"${type}" is no type`);
  if (cid !== undefined && !isMessageId(cid)) throw bad(`"${cid}" is no content id`);
  if (size !== undefined && size !== null && !isUnsigned(size)) throw bad('size is no number');
  if (subParts !== undefined) {
    if (subParts.length === 0 || partId !== undefined || blobId !== undefined) {
      throw bad('a multipart has subParts and nothing else');
    }
    return;
  }
  if ((partId === undefined) === (blobId === undefined)) throw bad('expected a partId or a blobId');
  if (partId === undefined) return;
  if (!values.has(partId)) throw bad(`bodyValues has no ${partId}`);
  if (charset !== undefined || size !== undefined) throw bad('charset and size are the server’s');
  if (!type.startsWith('text/')) throw bad('only a text has a partId');
}
