/** Messages to bytes. What would break the framing or split a message is refused here. */
import { concat, latin1 } from '../../lib/bytes.ts';
import type { HeaderList } from '../../lib/ordered-headers.ts';
import { misuse } from '../errors.ts';
import type { RequestHead, ResponseHead } from '../types.ts';
import { checkTarget } from './target.ts';
import { isFieldValue, isToken } from './tokens.ts';

const encoder = new TextEncoder();

/** Text of one byte a character to bytes; nearly all heads are ASCII, which the platform does faster. */
export function headBytes(text: string): Uint8Array {
  const bytes = encoder.encode(text);
  return bytes.length === text.length ? bytes : latin1(text);
}

/** A head and a body in one piece, so that they leave in one write. */
export function joinedBytes(head: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + body.length);
  const { read, written } = encoder.encodeInto(head, bytes);
  // Beyond ASCII the platform writes more than one byte a character.
  if (read !== head.length || written !== head.length) bytes.set(latin1(head));
  bytes.set(body, head.length);
  return bytes;
}

/** The lines of a list, each with CR LF; made and checked once for each list. */
export function fieldLines(headers: HeaderList): string {
  return headers.memo(encodeFields);
}

function encodeFields(headers: HeaderList): string {
  let text = '';
  for (const [name, value] of headers) {
    checkField(name, value);
    text += `${name}: ${value}\r\n`;
  }
  return text;
}

function checkField(name: string, value: string): void {
  if (!isToken(name)) {
    const message = `Not a field name: ${JSON.stringify(name.slice(0, 60))}`;
    throw misuse('HTTP_BAD_FIELD', message, 'RFC 9110 §5.1');
  }
  if (!isFieldValue(value)) {
    const message = `The value of ${name} has a character that no field may carry`;
    throw misuse('HTTP_BAD_FIELD', message, 'RFC 9110 §5.5');
  }
}

/** `GET /a HTTP/1.1` and the fields, with the empty line. */
export function encodeRequestHead(head: RequestHead): Uint8Array {
  if (!isToken(head.method)) {
    throw misuse('HTTP_BAD_METHOD', `Not a method: ${head.method}`, 'RFC 9110 §9.1');
  }
  checkTarget(head.method, head.target, 0);
  return headBytes(
    `${head.method} ${head.target} HTTP/${head.version}\r\n${fieldLines(head.headers)}\r\n`,
  );
}

/** `HTTP/1.1 200 OK` and the fields, with the empty line. */
export function encodeResponseHead(head: ResponseHead): Uint8Array {
  return headBytes(`${statusLine(head.status, head.reason)}${fieldLines(head.headers)}\r\n`);
}

/** Bytes of the head of an answer as it came. */
export function responseHeadLength({ status, reason, headers }: ResponseHead): number {
  return statusLine(status, reason).length + fieldLines(headers).length + 2;
}

/** A server always names its own version, whatever the client's (RFC 9110 §2.5). */
export function statusLine(status: number, reason: string): string {
  if (!Number.isInteger(status) || status < 100 || status > 999) {
    throw misuse('HTTP_BAD_STATUS_LINE', `Not a status: ${status}`, 'RFC 9110 §15');
  }
  if (!isFieldValue(reason)) {
    throw misuse('HTTP_BAD_STATUS_LINE', 'The reason has a control character', 'RFC 9112 §4');
  }
  return `HTTP/1.1 ${status} ${reason}\r\n`;
}

/** One chunk; empty data would end the body, so it gives no bytes at all. */
export function encodeChunk(data: Uint8Array): Uint8Array {
  if (data.length === 0) return data;
  return concat([headBytes(`${data.length.toString(16)}\r\n`), data, CRLF]);
}

const CRLF = headBytes('\r\n');

/** The last chunk and the trailers. */
export function encodeLastChunk(trailers: HeaderList): Uint8Array {
  return headBytes(`0\r\n${fieldLines(trailers)}\r\n`);
}
