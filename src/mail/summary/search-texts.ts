/** What a message says, as a search looks through it (RFC 9051 §6.4.4): transfer encodings and charsets undone. */
import { decodeWords, type Field, fieldValue, type Message } from '../../mime/index.ts';

export interface SearchTexts {
  /** The fields of the header, and of the headers of parts, a line each. */
  readonly header: string;
  /** All texts, the sources of HTML too. */
  readonly body: string;
}

export function searchTexts(message: Message): SearchTexts {
  const headers: string[] = [];
  const bodies: string[] = [];
  for (const part of message.parts()) {
    for (const field of part.fields) headers.push(fieldText(field));
    if (part.children.length === 0 && part.type.type === 'text') bodies.push(message.textOf(part));
  }
  return { header: headers.join('\n'), body: bodies.join('\n') };
}

function fieldText(field: Field): string {
  return `${field.name}: ${decodeWords(fieldValue(field))}`;
}
