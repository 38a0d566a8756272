/** The fields of a message with the bytes that carry them. */
import { fromLatin1, fromUtf8 } from '../lib/bytes.ts';
import type { Field } from '../trace/index.ts';
import type { Framing, RequestHead, ResponseHead } from './types.ts';
import { grouped } from './wire/tokens.ts';

/** A message as it was recorded: the beginning of its bytes, and what is known of the rest. */
export interface MessageRecord {
  readonly bytes: Uint8Array;
  readonly length: number;
  /** Undefined when the head could not be read. */
  readonly head: RequestHead | ResponseHead | undefined;
  readonly framing: Framing;
  readonly headSize: number;
  readonly bodySize: number;
}

/** Where the meaning of a field is told. */
const SPECS: Readonly<Record<string, string>> = {
  accept: 'RFC 9110 §12.5.1',
  'accept-encoding': 'RFC 9110 §12.5.3',
  'accept-language': 'RFC 9110 §12.5.4',
  'accept-ranges': 'RFC 9110 §14.3',
  age: 'RFC 9111 §5.1',
  allow: 'RFC 9110 §10.2.1',
  authorization: 'RFC 9110 §11.6.2',
  'cache-control': 'RFC 9111 §5.2',
  connection: 'RFC 9110 §7.6.1',
  'content-encoding': 'RFC 9110 §8.4',
  'content-length': 'RFC 9110 §8.6',
  'content-range': 'RFC 9110 §14.4',
  'content-type': 'RFC 9110 §8.3',
  cookie: 'RFC 6265 §4.2',
  date: 'RFC 9110 §6.6.1',
  etag: 'RFC 9110 §8.8.3',
  expect: 'RFC 9110 §10.1.1',
  expires: 'RFC 9111 §5.3',
  host: 'RFC 9110 §7.2',
  'if-match': 'RFC 9110 §13.1.1',
  'if-modified-since': 'RFC 9110 §13.1.3',
  'if-none-match': 'RFC 9110 §13.1.2',
  'if-range': 'RFC 9110 §13.1.5',
  'if-unmodified-since': 'RFC 9110 §13.1.4',
  'last-modified': 'RFC 9110 §8.8.2',
  location: 'RFC 9110 §10.2.2',
  range: 'RFC 9110 §14.2',
  referer: 'RFC 9110 §10.1.3',
  server: 'RFC 9110 §10.2.4',
  'set-cookie': 'RFC 6265 §4.1',
  trailer: 'RFC 9110 §6.6.2',
  'transfer-encoding': 'RFC 9112 §6.1',
  upgrade: 'RFC 9110 §7.8',
  'user-agent': 'RFC 9110 §10.1.5',
  vary: 'RFC 9110 §12.5.5',
  via: 'RFC 9110 §7.6.3',
};

/** What of a body is shown. */
const PREVIEW = 400;

/** Chunks that are listed one by one. */
const LISTED_CHUNKS = 200;

export function messageFields(record: MessageRecord): readonly Field[] {
  const { bytes, head, headSize, length } = record;
  if (!head) return [{ name: 'Bytes', value: preview(bytes), start: 0, end: length }];
  const text = fromLatin1(bytes, 0, Math.min(headSize, bytes.length));
  const begin = /^[\r\n]*/.exec(text)?.[0].length ?? 0;
  const fields = [...headFields(text, begin, 'method' in head ? REQUEST_LINE : STATUS_LINE)];
  if (length > headSize) fields.push(...bodyFields(record, head));
  return fields;
}

interface FirstLine {
  readonly name: string;
  readonly spec: string;
  readonly parts: readonly (readonly [name: string, spec: string])[];
}

const REQUEST_LINE: FirstLine = {
  name: 'Request line',
  spec: 'RFC 9112 §3',
  parts: [
    ['Method', 'RFC 9110 §9'],
    ['Target', 'RFC 9112 §3.2'],
    ['Version', 'RFC 9112 §2.3'],
  ],
};

const STATUS_LINE: FirstLine = {
  name: 'Status line',
  spec: 'RFC 9112 §4',
  parts: [
    ['Version', 'RFC 9112 §2.3'],
    ['Status', 'RFC 9110 §15'],
    ['Reason', 'RFC 9112 §4'],
  ],
};

function* headFields(text: string, begin: number, first: FirstLine): Generator<Field> {
  let line = 0;
  for (const { start, end } of lines(text, begin)) {
    if (start === end) continue;
    if (line++ === 0) yield firstLine(text.slice(start, end), start, first);
    else yield headerField(text.slice(start, end), start);
  }
}

function* lines(text: string, from: number): Generator<{ start: number; end: number }> {
  for (let start = from; start < text.length; ) {
    const lf = text.indexOf('\n', start);
    const stop = lf < 0 ? text.length : lf;
    yield { start, end: text[stop - 1] === '\r' && stop > start ? stop - 1 : stop };
    start = stop + 1;
  }
}

function firstLine(line: string, start: number, { name, spec, parts }: FirstLine): Field {
  const children: Field[] = [];
  let at = 0;
  for (const [index, [part, section]] of parts.entries()) {
    const space = index === parts.length - 1 ? -1 : line.indexOf(' ', at);
    const stop = space < 0 ? line.length : space;
    const value = line.slice(at, stop);
    children.push({ name: part, value, start: start + at, end: start + stop, spec: section });
    at = Math.min(line.length, stop + 1);
  }
  return { name, value: line, start, end: start + line.length, spec, children };
}

function headerField(line: string, start: number): Field {
  const colon = line.indexOf(':');
  const name = line.slice(0, colon);
  const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '');
  const at = start + line.indexOf(value, colon + 1);
  const spec = SPECS[name.toLowerCase()];
  const children = [
    { name: 'name', value: name, start, end: start + colon, spec: 'RFC 9110 §5.1' },
    { name: 'value', value, start: at, end: at + value.length, spec: 'RFC 9110 §5.5' },
  ];
  return { name, value, start, end: start + line.length, ...(spec && { spec }), children };
}

function bodyFields(record: MessageRecord, head: RequestHead | ResponseHead): readonly Field[] {
  const { bytes, headSize, length, framing, bodySize } = record;
  const type = head.headers.get('Content-Type') ?? '';
  if (framing.kind === 'chunked') return chunkFields(record, isText(type));
  const value = isText(type) ? preview(bytes.subarray(headSize)) : `${grouped(bodySize)} B`;
  return [{ name: 'Body', value, start: headSize, end: length, spec: 'RFC 9112 §6' }];
}

/** The chunks as far as they were kept, then the trailers. */
function chunkFields(record: MessageRecord, text: boolean): readonly Field[] {
  const { bytes, length } = record;
  const fields: Field[] = [];
  let at = record.headSize;
  while (at < bytes.length && fields.length < LISTED_CHUNKS) {
    const lf = bytes.indexOf(10, at);
    if (lf < 0) break;
    const line = fromLatin1(bytes, at, lf).replace(/\r$/, '');
    const size = Number.parseInt(line, 16);
    if (!(size >= 0)) break;
    const data = lf + 1;
    const end = Math.min(length, data + size);
    fields.push(chunkField(bytes, { at, data, end, size, line, text }));
    if (size === 0) return [...fields, ...headerLines(bytes, data)];
    at = end + 2;
  }
  if (at < length) {
    const value = `${grouped(length - at)} B more in chunks`;
    fields.push({ name: 'Chunks', value, start: Math.min(at, length), end: length });
  }
  return fields;
}

interface Chunk {
  readonly at: number;
  readonly data: number;
  readonly end: number;
  readonly size: number;
  readonly line: string;
  readonly text: boolean;
}

function chunkField(bytes: Uint8Array, { at, data, end, size, line, text }: Chunk): Field {
  const spec = 'RFC 9112 §7.1';
  const children: Field[] = [
    { name: 'Size', value: `${line} (${grouped(size)})`, start: at, end: at + line.length, spec },
  ];
  if (size > 0) {
    const value = text ? preview(bytes.subarray(data, end)) : `${grouped(size)} B`;
    children.push({ name: 'Data', value, start: data, end, spec });
  }
  const name = size === 0 ? 'Last chunk' : 'Chunk';
  return { name, value: `${grouped(size)} B`, start: at, end, spec, children };
}

function headerLines(bytes: Uint8Array, from: number): Field[] {
  const text = fromLatin1(bytes, from);
  return [...lines(text, 0)]
    .filter(({ start, end }) => end > start)
    .map(({ start, end }) => headerField(text.slice(start, end), from + start));
}

function isText(type: string): boolean {
  return /^(text\/|application\/(json|xml|javascript|x-www-form-urlencoded))|\+(json|xml)\b/i.test(
    type,
  );
}

function preview(bytes: Uint8Array): string {
  const text = fromUtf8(bytes.subarray(0, PREVIEW));
  return bytes.length > PREVIEW ? `${text}…` : text;
}
