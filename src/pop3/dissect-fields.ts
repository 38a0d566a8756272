/** The fields of what is said, each at its bytes. */
import { fromLatin1, fromUtf8 } from '../lib/bytes.ts';
import { LF } from '../lib/lines.ts';
import type { Field } from '../trace/index.ts';
import type { Command, Verb } from './types.ts';
import { FORMS } from './wire/command.ts';

const NAMES: Readonly<Partial<Record<Verb, readonly string[]>>> = {
  USER: ['Name'],
  APOP: ['Name', 'Digest'],
  AUTH: ['Mechanism', 'Initial response'],
  LIST: ['Message'],
  UIDL: ['Message'],
  RETR: ['Message'],
  DELE: ['Message'],
  TOP: ['Message', 'Lines'],
};

/** The keyword, and each word behind it under the name that it has. */
export function commandFields(bytes: Uint8Array, { type }: Command): Field[] {
  const text = fromLatin1(bytes).replace(/\r?\n$/, '');
  const { spec } = FORMS[type];
  const fields: Field[] = [{ name: 'Command', value: type, start: 0, end: type.length, spec }];
  const words = type === 'PASS' ? /(?<=^.{4} ).+/g : /(?<= )\S+/g;
  for (const [i, { 0: word, index }] of [...text.matchAll(words)].entries()) {
    const name = type === 'PASS' ? 'Password' : (NAMES[type]?.[i] ?? 'Argument');
    const end = index + word.length;
    fields.push({ name, value: fromUtf8(bytes.subarray(index, end)), start: index, end });
  }
  return fields;
}

/** A line of AUTH, from either side. */
export function exchangeFields(bytes: Uint8Array, name: string): Field[] {
  const [line] = linesOf(bytes);
  if (!line) return [];
  return [{ name, value: line.text, start: 0, end: line.text.length, spec: 'RFC 5034 §4' }];
}

/** The status, its code and words; then the lines of a list, or a message. `length` is of the whole where only its beginning is kept. */
export function responseFields(bytes: Uint8Array, verb: Verb | '', length: number): Field[] {
  const [first, ...rest] = linesOf(bytes);
  if (!first) return [];
  const fields = statusFields(first);
  if (rest.length === 0) return fields;
  const isMessage = verb === 'RETR' || verb === 'TOP';
  return [...fields, ...(isMessage ? messageFields(rest, length) : listFields(rest))];
}

function statusFields({ text }: TextLine): Field[] {
  const [, status = '', code] = /^(\S+)(?: \[([!-Z^-~]+)\])?/.exec(text) ?? [];
  const fields: Field[] = [
    { name: 'Status', value: status, start: 0, end: status.length, spec: 'RFC 1939 §3' },
  ];
  let at = status.length + 1;
  if (code !== undefined) {
    const end = at + code.length + 2;
    fields.push({ name: 'Code', value: code, start: at, end, spec: 'RFC 2449 §8' });
    at = end + 1;
  }
  if (at < text.length) {
    fields.push({ name: 'Text', value: text.slice(at), start: at, end: text.length });
  }
  return fields;
}

function listFields(lines: readonly TextLine[]): Field[] {
  return lines.map(({ text, start }) => {
    const end = start + text.length;
    return text === '.'
      ? { name: 'End', value: '.', start, end, spec: 'RFC 1939 §3' }
      : { name: 'Line', value: text, start, end };
  });
}

/** The header's fields, the body, the dot. */
function messageFields(lines: readonly TextLine[], length: number): Field[] {
  const fields: Field[] = [];
  let bodyStart = lines[0]?.start ?? length;
  for (const { start, end, text } of lines) {
    const [, name, value = ''] = /^([!-9;-~]+):[ \t]*(.*)$/s.exec(text) ?? [];
    const last = fields.at(-1);
    if (name !== undefined) fields.push({ name, value, start, end, spec: 'RFC 5322 §2.2' });
    else if (last && /^[ \t]/.test(text)) {
      fields[fields.length - 1] = { ...last, value: `${last.value} ${text.trim()}`, end };
    } else {
      bodyStart = text === '' ? end : start;
      break;
    }
    bodyStart = end;
  }
  const end = Math.max(bodyStart, length - 3);
  return [
    ...fields,
    { name: 'Body', value: `${end - bodyStart} bytes`, start: bodyStart, end },
    { name: 'End', value: '.', start: end, end: length, spec: 'RFC 1939 §3' },
  ];
}

interface TextLine {
  readonly start: number;
  readonly end: number;
  /** One character a byte, without the line end. */
  readonly text: string;
}

function linesOf(bytes: Uint8Array): TextLine[] {
  const lines: TextLine[] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(LF, start);
    const end = found < 0 ? bytes.length : found + 1;
    lines.push({ start, end, text: fromLatin1(bytes, start, end).replace(/\r?\n$/, '') });
    start = end;
  }
  return lines;
}
