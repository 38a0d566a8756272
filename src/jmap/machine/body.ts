/** The body of a message: its parts, and which of them are shown as its text (RFC 8621 §4.1.4). */
import { fileName, type Message, type Part, parseMessageIds, typeName } from '../../mime/index.ts';
import { methodError } from '../errors.ts';
import type { Json, JsonObject } from '../types.ts';
import { allowsForm, parseHeaderProperty } from '../wire/header-property.ts';
import { allHeaders, headerValue } from './headers.ts';

export interface BodyLists {
  readonly textBody: readonly Part[];
  readonly htmlBody: readonly Part[];
  readonly attachments: readonly Part[];
}

/** The parts of a multipart; what is in a message within the message is its own affair. */
export function subParts(part: Part): readonly Part[] {
  return part.type.type === 'multipart' ? part.children : [];
}

export function isMultipart(part: Part): boolean {
  return part.type.type === 'multipart' && part.children.length > 0;
}

/** All parts, each before its own. */
export function* allParts(part: Part): Generator<Part> {
  yield part;
  for (const child of subParts(part)) yield* allParts(child);
}

/** The algorithm that the section suggests. */
export function bodyLists(root: Part): BodyLists {
  const attachments: Part[] = [];
  const into: Into = { text: [], html: [], attachments };
  sortParts([root], { multipart: 'mixed', inAlternative: false }, into);
  return { textBody: into.text ?? [], htmlBody: into.html ?? [], attachments };
}

/** Undefined: what follows is no alternative of that kind. */
interface Into {
  text: Part[] | undefined;
  html: Part[] | undefined;
  readonly attachments: Part[];
}

interface Around {
  readonly multipart: string;
  readonly inAlternative: boolean;
}

function sortParts(parts: readonly Part[], around: Around, lists: Into): void {
  const into = { ...lists };
  const before = { text: into.text?.length, html: into.html?.length };
  for (const [at, part] of parts.entries()) {
    if (isMultipart(part)) {
      const { subtype } = part.type;
      const inAlternative = around.inAlternative || subtype === 'alternative';
      sortParts(part.children, { multipart: subtype, inAlternative }, into);
    } else if (!isInline(part, at, around.multipart)) into.attachments.push(part);
    else placeInline(part, around, into);
  }
  if (around.multipart === 'alternative') completeAlternative(into, before);
}

function placeInline(part: Part, { multipart, inAlternative }: Around, into: Into): void {
  const name = typeName(part.type);
  if (multipart === 'alternative') {
    const list = name === 'text/plain' ? into.text : name === 'text/html' ? into.html : undefined;
    if (/^text\/(?:plain|html)$/.test(name)) list?.push(part);
    else into.attachments.push(part);
    return;
  }
  if (inAlternative && name === 'text/plain') into.html = undefined;
  if (inAlternative && name === 'text/html') into.text = undefined;
  into.text?.push(part);
  into.html?.push(part);
  if ((!into.text || !into.html) && isMedia(part)) into.attachments.push(part);
}

/** Where only one kind was found, it stands for the other too. */
function completeAlternative(
  { text, html }: Into,
  before: { readonly text: number | undefined; readonly html: number | undefined },
): void {
  if (!text || !html) return;
  const [sameText, sameHtml] = [text.length === before.text, html.length === before.html];
  if (sameText && !sameHtml) text.push(...html.slice(before.html));
  if (sameHtml && !sameText) html.push(...text.slice(before.text));
}

/** A part of the text rather than an attachment. */
function isInline(part: Part, at: number, multipart: string): boolean {
  if (part.disposition?.kind === 'attachment') return false;
  const isText = /^text\/(?:plain|html)$/.test(typeName(part.type));
  if (!isText && !isMedia(part)) return false;
  if (at === 0) return true;
  return multipart !== 'related' && (isMedia(part) || fileName(part) === undefined);
}

function isMedia({ type }: Part): boolean {
  return /^(?:image|audio|video)$/.test(type.type);
}

export const BODY_PROPERTIES: readonly string[] = [
  'partId',
  'blobId',
  'size',
  'name',
  'type',
  'charset',
  'disposition',
  'cid',
  'language',
  'location',
];

const OTHER_PROPERTIES = ['headers', 'subParts'];

/** Throws invalidArguments for properties that no part has. */
export function checkBodyProperties(properties: readonly string[]): void {
  for (const property of properties) {
    const header = parseHeaderProperty(property);
    const known = BODY_PROPERTIES.includes(property) || OTHER_PROPERTIES.includes(property);
    if (known || (header && allowsForm(header.name, header.form))) continue;
    throw methodError('invalidArguments', `A part has no ${property}`, {
      arguments: ['bodyProperties'],
    });
  }
}

/** How the octets of a part can be had; null where they can't. */
export type BlobOf = (part: Part) => string | null;

export function describePart(
  message: Message,
  part: Part,
  properties: readonly string[],
  blobOf: BlobOf,
): JsonObject {
  const entries = properties.map((property): [string, Json] => [
    property,
    partProperty(message, part, property, blobOf),
  ]);
  return Object.fromEntries(entries);
}

/** With the parts within it. */
export function describeTree(
  message: Message,
  part: Part,
  properties: readonly string[],
  blobOf: BlobOf,
): JsonObject {
  const described = describePart(message, part, properties, blobOf);
  if (!isMultipart(part)) return described;
  const children = part.children.map((child) => describeTree(message, child, properties, blobOf));
  return { ...described, subParts: children };
}

function partProperty(message: Message, part: Part, property: string, blobOf: BlobOf): Json {
  const { fields, disposition, type } = part;
  switch (property) {
    case 'partId':
      return isMultipart(part) ? null : partIdOf(part);
    case 'blobId':
      return isMultipart(part) ? null : blobOf(part);
    case 'size':
      return sizeOf(message, part);
    case 'name':
      return fileName(part) ?? null;
    case 'type':
      return typeName(type);
    case 'charset':
      return type.type === 'text' ? (type.parameters.get('charset') ?? 'us-ascii') : null;
    case 'disposition':
      return disposition?.kind ?? null;
    case 'cid':
      return parseMessageIds(fields.get('Content-ID') ?? '')[0] ?? null;
    case 'language':
      return languages(fields.get('Content-Language'));
    case 'location':
      return fields.get('Content-Location') ?? null;
    case 'headers':
      return allHeaders(fields);
    case 'subParts':
      return null;
  }
  const header = parseHeaderProperty(property);
  return header ? headerValue(fields, header) : null;
}

function languages(value: string | undefined): Json {
  const tags = value
    ?.replace(/\([^)]*\)/g, '')
    .split(',')
    .map((tag) => tag.trim());
  const known = tags?.filter((tag) => tag !== '') ?? [];
  return known.length === 0 ? null : known;
}

/** A message that is its only part has no number. */
export function partIdOf({ path }: Part): string {
  return path === '' ? '1' : path;
}

/** Before transfer; what need not be decoded for that is not. */
function sizeOf(message: Message, part: Part): number {
  const { start, end } = part.body;
  if (isMultipart(part) || /^(?:7bit|8bit|binary)$/.test(part.encoding)) return end - start;
  return message.content(part).length;
}
