/** Answers made from stored responses (RFC 9111 §4, RFC 9110 §14, §15.4.5). */
import {
  type BodySource,
  type ByteRange,
  type HeaderField,
  HeaderList,
  parseRange,
  type Request,
  type Response,
  statusPage,
} from '../http/index.ts';
import { concat, hex, utf8 } from '../lib/bytes.ts';
import type { Random } from '../net/index.ts';
import { RANGES_LIMIT } from './defaults.ts';
import { notModified, rangeHolds } from './machine/conditions.ts';
import { bytesOf } from './machine/segments.ts';
import type { StoredResponse } from './stored-response.ts';
import { type CacheStatus, cacheStatus } from './wire/cache-status.ts';
import { contentRange } from './wire/content-range.ts';

/** The fields of a 304: what describes a content that is not sent is left out (RFC 9110 §15.4.5). */
const OF_CONTENT = [
  'Content-Type',
  'Content-Encoding',
  'Content-Language',
  'Content-Length',
  'Content-Range',
  'Content-MD5',
];

export interface Making {
  readonly name: string;
  readonly now: number;
  readonly status: CacheStatus;
  readonly random: Random;
}

/** What part of a stored response a request is for; undefined when it is not all here. */
export type Serving =
  | { readonly kind: 'not-modified' }
  | { readonly kind: 'whole' }
  | { readonly kind: 'ranges'; readonly ranges: readonly ByteRange[] }
  | { readonly kind: 'unsatisfiable'; readonly size: number };

export function servingOf(
  stored: StoredResponse,
  { method, headers }: Pick<Request, 'method' | 'headers'>,
  now: number,
): Serving | undefined {
  if (stored.status === 200 && notModified(headers, stored, now)) return { kind: 'not-modified' };
  const range = method === 'GET' && stored.status === 200 ? headers.get('Range') : undefined;
  if (range !== undefined && rangeHolds(headers, stored, now)) {
    const ranges = rangesOf(stored, range);
    if (ranges !== 'ignored') return ranges;
  }
  return method === 'HEAD' || isWhole(stored) ? { kind: 'whole' } : undefined;
}

/** True when all of the body is here, or is on its way from its beginning. */
function isWhole({ whole, fill }: StoredResponse): boolean {
  return whole !== undefined || (fill !== undefined && fill.start === 0 && fill.state !== 'broken');
}

function rangesOf(stored: StoredResponse, range: string): Serving | undefined | 'ignored' {
  const { size } = stored;
  const ranges = parseRange(range, size ?? Number.MAX_SAFE_INTEGER, RANGES_LIMIT);
  if (!ranges) return 'ignored';
  // Without the size, what counts from the end can't be told.
  if (size === undefined && /=\s*-|-\s*(?:,|$)/.test(range)) return undefined;
  if (ranges.length === 0) return size === undefined ? undefined : { kind: 'unsatisfiable', size };
  if (ranges.every((one) => hasRange(stored, one))) return { kind: 'ranges', ranges };
  const [only] = ranges;
  const growing = stored.fill?.kept && stored.fill.start === 0 && size !== undefined;
  return only && ranges.length === 1 && growing ? { kind: 'ranges', ranges } : undefined;
}

function hasRange({ segments }: StoredResponse, range: ByteRange): boolean {
  return bytesOf(segments, range) !== undefined;
}

/** The answer, and how many bytes of a body it carries from here. */
export function answerFrom(
  stored: StoredResponse,
  request: Pick<Request, 'method'>,
  serving: Serving,
  making: Making,
): Response {
  const headers = headersOf(stored, making);
  const { status, reason, size } = stored;
  switch (serving.kind) {
    case 'not-modified':
      return { status: 304, headers: headers.without(...OF_CONTENT) };
    case 'unsatisfiable':
      return unsatisfiable(serving.size, headers);
    case 'ranges':
      return partial(stored, serving.ranges, headers, making.random);
    case 'whole':
      if (request.method !== 'HEAD') return { status, reason, headers, ...bodyOf(stored) };
      return {
        status,
        reason,
        headers: size === undefined ? headers : headers.appended('Content-Length', String(size)),
      };
  }
}

/** How many bytes of the body the client gets from here. */
export function bytesServed(stored: StoredResponse, method: string, serving: Serving): number {
  if (serving.kind === 'ranges')
    return serving.ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  return serving.kind === 'whole' && method !== 'HEAD' ? (stored.size ?? 0) : 0;
}

/** The stored fields with the Age of now and one member more in Cache-Status. */
export function headersOf(stored: StoredResponse, { name, now, status }: Making): HeaderList {
  const age = Math.max(0, Math.floor(stored.age(now) / 1000));
  return new HeaderList([
    ...stored.headers,
    ['Age', String(Math.min(age, 2 ** 31))],
    ['Cache-Status', cacheStatus(name, status)],
  ]);
}

function bodyOf({ whole, fill }: StoredResponse): { readonly body?: BodySource } {
  if (whole) return { body: whole };
  return fill ? { body: fill.reader() } : {};
}

function unsatisfiable(size: number, headers: HeaderList): Response {
  const page = statusPage(416, `There are ${size} bytes.`, { spec: 'RFC 9110 §15.5.17' });
  const status = headers.all('Cache-Status').map((value): HeaderField => ['Cache-Status', value]);
  const range: HeaderField = ['Content-Range', `bytes */${size}`];
  return { ...page, headers: [range, ...status, ...(page.headers as HeaderField[])] };
}

function partial(
  stored: StoredResponse,
  ranges: readonly ByteRange[],
  headers: HeaderList,
  random: Random,
): Response {
  const [only] = ranges;
  if (!only || ranges.length > 1) return multipart(stored, ranges, headers, random);
  const bytes = bytesOf(stored.segments, only);
  return {
    status: 206,
    headers: headers.with('Content-Range', contentRange(only, stored.size)),
    ...(bytes ? { body: bytes } : stored.fill ? { body: stored.fill.reader(only) } : {}),
  };
}

/** Several ranges in one answer (RFC 9110 §14.6). */
function multipart(
  stored: StoredResponse,
  ranges: readonly ByteRange[],
  headers: HeaderList,
  random: Random,
): Response {
  const boundary = hex(random.bytes(12));
  const type = headers.get('Content-Type');
  const parts: Uint8Array[] = [];
  for (const range of ranges) {
    const lines = [`\r\n--${boundary}`];
    if (type !== undefined) lines.push(`Content-Type: ${type}`);
    lines.push(`Content-Range: ${contentRange(range, stored.size)}`);
    parts.push(utf8(`${lines.join('\r\n')}\r\n\r\n`));
    parts.push(bytesOf(stored.segments, range) as Uint8Array);
  }
  parts.push(utf8(`\r\n--${boundary}--\r\n`));
  const fields = headers.with('Content-Type', `multipart/byteranges; boundary=${boundary}`);
  return { status: 206, headers: fields, body: concat(parts) };
}
