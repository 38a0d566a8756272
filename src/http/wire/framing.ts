/** Where a body ends: the rules that leave no room for two opinions (RFC 9112 §6). */
import type { HeaderList } from '../../lib/ordered-headers.ts';
import { broken } from '../errors.ts';
import type { Framing, Version } from '../types.ts';
import { trimBlank } from './tokens.ts';

export const NO_BODY: Framing = { kind: 'none' };
const CHUNKED: Framing = { kind: 'chunked' };
const UNTIL_CLOSE: Framing = { kind: 'close' };

/** RFC 9112 §6.3 for a request: by a length, by chunks, or none. */
export function requestFraming(headers: HeaderList, version: Version): Framing {
  const declared = declaredFraming(headers, version);
  return declared ?? NO_BODY;
}

/** RFC 9112 §6.3 for a response to `method`. */
export function responseFraming(
  headers: HeaderList,
  version: Version,
  status: number,
  method: string,
): Framing {
  if (status < 200 || status === 204 || status === 304 || method === 'HEAD') return NO_BODY;
  if (method === 'CONNECT' && status < 300) return NO_BODY;
  return declaredFraming(headers, version) ?? UNTIL_CLOSE;
}

function declaredFraming(headers: HeaderList, version: Version): Framing | undefined {
  const coding = headers.joined('Transfer-Encoding');
  const length = headers.joined('Content-Length');
  if (coding !== undefined) {
    if (length !== undefined) {
      const text = 'Both Transfer-Encoding and Content-Length: two lengths for one body';
      throw broken('HTTP_TWO_LENGTHS', text, 'RFC 9112 §6.3', 0);
    }
    return codedFraming(coding, version);
  }
  return length === undefined ? undefined : { kind: 'length', length: parseLength(length) };
}

function codedFraming(value: string, version: Version): Framing {
  if (version === '1.0') {
    const text = 'Transfer-Encoding in an HTTP/1.0 message: its framing can not be trusted';
    throw broken('HTTP_BAD_CODING', text, 'RFC 9112 §6.1', 0);
  }
  if (value.length === 7 && value.toLowerCase() === 'chunked') return CHUNKED;
  const codings = value.split(',').map((coding) => trimBlank(coding).toLowerCase());
  if (codings.at(-1) !== 'chunked') {
    const text = `The last transfer coding is not chunked: ${JSON.stringify(value)}`;
    throw broken('HTTP_BAD_CODING', text, 'RFC 9112 §6.3', 0);
  }
  const others = codings.slice(0, -1);
  if (others.includes('chunked') || others.includes('')) {
    throw broken('HTTP_BAD_CODING', `Not a list of codings: ${value}`, 'RFC 9112 §6.1', 0);
  }
  const text = `The transfer coding ${others.join(', ')} is not spoken here, only chunked`;
  throw broken('HTTP_CODING_NOT_SUPPORTED', text, 'RFC 9112 §6.1', 0, 501);
}

/** Equal values in several fields or in a list count as one (RFC 9110 §8.6). */
function parseLength(value: string): number {
  const [first, ...others] = value.split(',').map(trimBlank);
  if (first === undefined || !/^[0-9]+$/.test(first)) {
    const text = `Content-Length is not a number: ${JSON.stringify(value)}`;
    throw broken('HTTP_BAD_LENGTH', text, 'RFC 9110 §8.6', 0);
  }
  if (others.some((other) => other !== first)) {
    const text = `Several lengths that differ: ${JSON.stringify(value)}`;
    throw broken('HTTP_LENGTHS_DIFFER', text, 'RFC 9112 §6.3', 0);
  }
  const length = Number(first);
  if (!Number.isSafeInteger(length)) {
    const text = 'Content-Length is beyond every body';
    throw broken('HTTP_BAD_LENGTH', text, 'RFC 9110 §8.6', 0, 413);
  }
  return length;
}
