/** The fields of what is said, each at its bytes. */
import { fromLatin1, fromUtf8 } from '../lib/bytes.ts';
import { LF } from '../lib/lines.ts';
import type { Field } from '../trace/index.ts';
import type { Command } from './types.ts';

const SPECS: Readonly<Partial<Record<Command['type'], string>>> = {
  EHLO: 'RFC 5321 §4.1.1.1',
  HELO: 'RFC 5321 §4.1.1.1',
  MAIL: 'RFC 5321 §4.1.1.2',
  RCPT: 'RFC 5321 §4.1.1.3',
  DATA: 'RFC 5321 §4.1.1.4',
  RSET: 'RFC 5321 §4.1.1.5',
  VRFY: 'RFC 5321 §4.1.1.6',
  EXPN: 'RFC 5321 §4.1.1.7',
  HELP: 'RFC 5321 §4.1.1.8',
  NOOP: 'RFC 5321 §4.1.1.9',
  QUIT: 'RFC 5321 §4.1.1.10',
  STARTTLS: 'RFC 3207 §4',
  AUTH: 'RFC 4954 §4',
  BDAT: 'RFC 3030 §2',
};

/** The verb, and each word behind it under the name that it has. */
export function commandFields(bytes: Uint8Array, { type }: Command): Field[] {
  const text = fromLatin1(bytes);
  const spec = SPECS[type] ?? 'RFC 5321 §4.1.1';
  const fields: Field[] = [{ name: 'Command', value: type, start: 0, end: type.length, spec }];
  const argument = text.slice(type.length).replace(/\r?\n$/, '');
  const words = argument.matchAll(/(?:FROM|TO) *: *<(?:[^">]|"(?:[^"\\]|\\.)*")*>|\S+/gi);
  for (const { 0: word, index } of words) {
    const start = type.length + index;
    const end = start + word.length;
    const shown = fromUtf8(bytes.subarray(start, end));
    const [, name, value] = /^([A-Z][A-Z0-9-]*) *[:=] *(.+)$/is.exec(shown) ?? [];
    fields.push({ name: nameOf(name, type), value: value ?? shown, start, end });
  }
  return fields;
}

function nameOf(keyword: string | undefined, type: Command['type']): string {
  const known = keyword?.toUpperCase();
  if (known === 'FROM') return 'Reverse path';
  if (known === 'TO') return 'Forward path';
  if (known !== undefined && type !== 'AUTH') return known;
  if (type === 'EHLO' || type === 'HELO') return 'Client';
  return 'Argument';
}

export function replyFields(bytes: Uint8Array): Field[] {
  return linesOf(bytes).flatMap(({ start, end, text }, i) => {
    const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?= |$)/.exec(text)?.[1];
    const from = start + 4 + (enhanced ? enhanced.length + 1 : 0);
    const value = fromUtf8(bytes.subarray(Math.min(from, end), end)).replace(/\r?\n$/, '');
    const code: Field = {
      name: 'Code',
      value: text.slice(0, 3),
      start,
      end: start + 3,
      spec: 'RFC 5321 §4.2',
    };
    const status: Field = {
      name: 'Enhanced status',
      value: enhanced ?? '',
      start: start + 4,
      end: from - 1,
      spec: 'RFC 2034 §4',
    };
    const line: Field = { name: 'Text', value, start: Math.min(from, end), end };
    return [...(i === 0 ? [code] : []), ...(enhanced ? [status] : []), line];
  });
}

export function responseFields(bytes: Uint8Array): Field[] {
  const value = fromLatin1(bytes).trim();
  return [{ name: 'Response', value, start: 0, end: value.length, spec: 'RFC 4954 §4' }];
}

/** The line of BDAT, and the chunk. */
export function chunkFields(bytes: Uint8Array, head: number, length: number): Field[] {
  const line = fromLatin1(bytes, 0, head).trim();
  return [
    { name: 'Command', value: line, start: 0, end: line.length, spec: 'RFC 3030 §2' },
    { name: 'Chunk', value: `${length - head} bytes`, start: head, end: length },
  ];
}

/** Header fields, the body, the dot; `length` is the whole where only its beginning is kept. */
export function contentFields(bytes: Uint8Array, length: number): Field[] {
  const fields: Field[] = [];
  let bodyStart = 0;
  for (const { start, end, text } of linesOf(bytes)) {
    bodyStart = end;
    if (/^\.?\r?\n?$/.test(text)) break;
    const [, name, value] = /^([!-9;-~]+):\s*(.*?)\r?\n?$/s.exec(text) ?? [];
    const last = fields.at(-1);
    if (name !== undefined && value !== undefined) {
      const shown = fromUtf8(bytes.subarray(start, end))
        .slice(name.length + 1)
        .trim();
      fields.push({ name, value: shown, start, end, spec: 'RFC 5322 §2.2' });
    } else if (last && /^[ \t]/.test(text)) {
      fields[fields.length - 1] = { ...last, value: `${last.value} ${text.trim()}`, end };
    } else {
      bodyStart = start;
      break;
    }
  }
  const end = Math.max(bodyStart, length - 3);
  fields.push({ name: 'Body', value: `${end - bodyStart} bytes`, start: bodyStart, end });
  fields.push({ name: 'End', value: '.', start: end, end: length, spec: 'RFC 5321 §4.5.2' });
  return fields;
}

interface TextLine {
  readonly start: number;
  readonly end: number;
  /** One character a byte, with the line end. */
  readonly text: string;
}

function linesOf(bytes: Uint8Array): TextLine[] {
  const lines: TextLine[] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(LF, start);
    const end = found < 0 ? bytes.length : found + 1;
    lines.push({ start, end, text: fromLatin1(bytes, start, end) });
    start = end;
  }
  return lines;
}
