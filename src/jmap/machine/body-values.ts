/** The texts of a message, as they are sent with it (RFC 8621 §4.1.4, §4.2). */
import { utf8 } from '../../lib/bytes.ts';
import { decodeCharset, type Message, type Part } from '../../mime/index.ts';
import type { BodyRequest, Json, JsonObject } from '../types.ts';
import { allParts, type BodyLists, isMultipart, partIdOf } from './body.ts';

export function bodyValues(message: Message, lists: BodyLists, request: BodyRequest): JsonObject {
  const wanted = new Set<Part>();
  const add = (parts: Iterable<Part>): void => {
    for (const part of parts) if (part.type.type === 'text' && !isMultipart(part)) wanted.add(part);
  };
  if (request.fetchTextBodyValues) add(lists.textBody);
  if (request.fetchHTMLBodyValues) add(lists.htmlBody);
  if (request.fetchAllBodyValues) add(allParts(message.root));
  const entries = [...wanted].map((part): [string, Json] => [
    partIdOf(part),
    bodyValue(message, part, request.maxBodyValueBytes),
  ]);
  return Object.fromEntries(entries);
}

function bodyValue(message: Message, part: Part, limit: number): JsonObject {
  let isEncodingProblem = false;
  const charset = part.type.parameters.get('charset') ?? 'us-ascii';
  const content = message.content(part);
  const text = decodeCharset(content, charset, () => {
    isEncodingProblem = true;
  }).replaceAll('\r\n', '\n');
  const value = limit === 0 ? text : cut(text, limit, part.type.subtype === 'html');
  return { value, isEncodingProblem, isTruncated: value.length < text.length };
}

/** Not within a character, nor within a tag. */
function cut(text: string, limit: number, isHtml: boolean): string {
  if (text.length * 3 <= limit) return text;
  const bytes = utf8(text);
  if (bytes.length <= limit) return text;
  let end = limit;
  while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  const kept = new TextDecoder().decode(bytes.subarray(0, end));
  const open = isHtml ? kept.lastIndexOf('<') : -1;
  return open > kept.lastIndexOf('>') ? kept.slice(0, open) : kept;
}
