/** What is answered for a file that was found: conditions, ranges, all of it (RFC 9110 §13, §14). */
import { hex, utf8 } from '../../lib/bytes.ts';
import { RollingHash } from '../../lib/hash.ts';
import { type HeaderField, HeaderList } from '../../lib/ordered-headers.ts';
import type { FileInfo } from '../../net/index.ts';
import { calendar } from '../../net/index.ts';
import { RANGES_LIMIT } from '../defaults.ts';
import { evaluate, rangeHolds, type Validators } from '../machine/preconditions.ts';
import { statusPage } from '../pages.ts';
import type { BodySource, Context, Request, Response } from '../types.ts';
import { formatDate } from '../wire/date.ts';
import { type ByteRange, parseRange } from '../wire/range.ts';
import { FileBody, type Part, type Readable } from './file-body.ts';
import { mediaType } from './media-types.ts';

/** A file as it is served. */
export interface ServedFile {
  readonly path: string;
  readonly info: FileInfo;
  readonly type: string;
  readonly validators: Validators;
  /** All of it, when it is small. */
  readonly bytes: Uint8Array | undefined;
  /** The answer to a plain GET of a small file, made once. */
  readonly whole: Response | undefined;
  readonly headers: HeaderList;
}

export function servedFile(
  path: string,
  info: FileInfo,
  bytes: Uint8Array | undefined,
  now: number,
  cacheControl?: string,
): ServedFile {
  const type = mediaType(path);
  const tag = { weak: false, opaque: bytes ? contentTag(bytes) : infoTag(info) };
  // A date that is still to come would be no validator (RFC 9110 §8.8.2.1).
  const validators = { tag, modified: Math.min(info.modified, now) };
  const fields: HeaderField[] = [
    ['Content-Type', type],
    ['Last-Modified', formatDate(validators.modified)],
    ['ETag', tag.opaque],
    ['Accept-Ranges', 'bytes'],
  ];
  if (cacheControl !== undefined) fields.push(['Cache-Control', cacheControl]);
  const headers = new HeaderList(fields);
  const whole = bytes && Object.freeze({ status: 200, headers, body: bytes });
  return { path, info, type, validators, bytes, whole, headers };
}

/** The same file in a content coding: a representation of its own, with its own tag (RFC 9110 §8.8.3.3). */
export function codedFile(file: ServedFile, coding: string, bytes: Uint8Array): ServedFile {
  const { tag, modified } = file.validators;
  const opaque = `${tag.opaque.slice(0, -1)}-${coding}"`;
  const headers = file.headers
    .with('ETag', opaque)
    .with('Content-Encoding', coding)
    .with('Vary', 'Accept-Encoding');
  const whole = Object.freeze({ status: 200, headers, body: bytes });
  const info = { ...file.info, size: bytes.length };
  const validators = { tag: { weak: false, opaque }, modified };
  return { ...file, info, bytes, headers, whole, validators };
}

/** The file as it is, of which there are others in content codings. */
export function varyingFile(file: ServedFile): ServedFile {
  const headers = file.headers.with('Vary', 'Accept-Encoding');
  const whole = file.whole && Object.freeze({ ...file.whole, headers });
  return { ...file, headers, whole };
}

/** Equal bytes have equal tags, on every host and after every restart. */
function contentTag(bytes: Uint8Array): string {
  const hash = new RollingHash();
  hash.bytes(bytes);
  return `"${hash.digest()}"`;
}

function infoTag({ size, modified }: FileInfo): string {
  return `"${size.toString(16)}-${Math.round(modified * 1000).toString(16)}"`;
}

const SELECTING = [
  'If-None-Match',
  'If-Modified-Since',
  'Range',
  'If-Match',
  'If-Unmodified-Since',
];

/** True for the plain request that nearly all are: the whole file, unconditionally. */
export function isPlain(request: Request): boolean {
  const { headers } = request;
  return request.method === 'GET' && !SELECTING.some((name) => headers.has(name));
}

export async function fileAnswer(
  file: ServedFile,
  request: Request,
  context: Context,
): Promise<Response> {
  const now = calendar(context.host.clock);
  const { headers, validators } = file;
  const verdict = evaluate(request.method, request.headers, validators, now);
  if (verdict.result === 'not-modified') {
    context.note(`304: ${verdict.why}`, verdict.spec);
    return { status: 304, headers: headers.without('Content-Type', 'Accept-Ranges') };
  }
  if (verdict.result === 'failed') {
    context.note(`412: ${verdict.why}`, verdict.spec);
    return statusPage(412, verdict.why, { spec: verdict.spec });
  }
  const range = request.method === 'GET' ? request.headers.get('Range') : undefined;
  if (range !== undefined) {
    const answer = await rangeAnswer(file, range, request, context, now);
    if (answer) return answer;
  }
  return file.whole ?? wholeAnswer(file, request, context);
}

async function wholeAnswer(
  file: ServedFile,
  request: Request,
  context: Context,
): Promise<Response> {
  const { size } = file.info;
  const { headers } = file;
  if (request.method === 'HEAD') {
    return { status: 200, headers: headers.appended('Content-Length', String(size)) };
  }
  return { status: 200, headers, body: await bodyOf(file, [{ start: 0, end: size }], context) };
}

/** Undefined when Range is to be ignored. */
async function rangeAnswer(
  file: ServedFile,
  value: string,
  request: Request,
  context: Context,
  now: number,
): Promise<Response | undefined> {
  const { size } = file.info;
  if (!rangeHolds(request.headers, file.validators, now)) {
    context.note(
      '200, not 206: the file is another than the client has parts of',
      'RFC 9110 §13.1.5',
    );
    return undefined;
  }
  const ranges = parseRange(value, size, RANGES_LIMIT);
  if (!ranges) return undefined;
  const [only] = ranges;
  if (!only) {
    const page = statusPage(416, `The file has ${size} bytes.`, { spec: 'RFC 9110 §15.5.17' });
    const field: HeaderField = ['Content-Range', `bytes */${size}`];
    return { ...page, headers: [field, ...(page.headers as HeaderField[])] };
  }
  if (ranges.length > 1) return multipart(file, ranges, context);
  const headers = file.headers.with('Content-Range', contentRange(only, size));
  return { status: 206, headers, body: await bodyOf(file, [only], context) };
}

/** Several ranges in one answer (RFC 9110 §14.6). */
async function multipart(
  file: ServedFile,
  ranges: readonly ByteRange[],
  context: Context,
): Promise<Response> {
  const boundary = hex(context.host.random.bytes(12));
  const parts: Part[] = [];
  for (const range of ranges) {
    const lines = [
      `\r\n--${boundary}`,
      `Content-Type: ${file.type}`,
      `Content-Range: ${contentRange(range, file.info.size)}`,
    ];
    parts.push(utf8(`${lines.join('\r\n')}\r\n\r\n`), range);
  }
  parts.push(utf8(`\r\n--${boundary}--\r\n`));
  const type = `multipart/byteranges; boundary=${boundary}`;
  const headers = file.headers.with('Content-Type', type);
  return { status: 206, headers, body: await bodyOf(file, parts, context) };
}

function contentRange({ start, end }: ByteRange, size: number): string {
  return `bytes ${start}-${end - 1}/${size}`;
}

/** Opened before the head is sent, so that a file that can't be read is not announced. */
async function bodyOf(
  file: ServedFile,
  parts: readonly Part[],
  context: Context,
): Promise<BodySource> {
  const { bytes } = file;
  const [only] = parts;
  if (bytes && parts.length === 1 && only && !(only instanceof Uint8Array)) {
    return bytes.subarray(only.start, only.end);
  }
  return new FileBody(
    bytes ? inMemory(bytes) : await context.host.files.open(file.path, 'read'),
    parts,
  );
}

/** A small file behind the face of an open one. */
function inMemory(bytes: Uint8Array): Readable {
  return {
    read: (at, length) => Promise.resolve(bytes.subarray(at, at + length)),
    close: () => Promise.resolve(),
  };
}
