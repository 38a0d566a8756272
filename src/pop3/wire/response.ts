/** Responses (RFC 1939 §3, RFC 2449 §3, §8): a status, perhaps a code for programs, words for people. */
import { fromUtf8, utf8 } from '../../lib/bytes.ts';
import type { Line } from '../../lib/lines.ts';
import { RESPONSE_LIMIT } from '../defaults.ts';
import { badResponse } from '../errors.ts';
import type { Response } from '../types.ts';

/** No text of a response can begin another one, however it was made. */
export function encodeResponse({ ok, code, text }: Response): Uint8Array {
  const status = ok ? '+OK' : '-ERR';
  const words = code === undefined ? text : `[${code}] ${text}`;
  const line = `${status} ${words}`.replace(/\p{Cc}/gu, '?').trimEnd();
  return utf8(`${line.slice(0, RESPONSE_LIMIT)}\r\n`);
}

/** Reads a first line. LF alone is understood: some servers end their lines so. Throws Pop3Error. */
export function parseResponse(line: Line): Response {
  const text = responseText(line);
  const [, status = '', rest = ''] = /^(\+OK|-ERR)(?:[ \t]+(.*))?$/is.exec(text) ?? [];
  if (status === '') throw badResponse(`no response: ${JSON.stringify(text.slice(0, 60))}`);
  const ok = status.startsWith('+');
  // RFC 2449 §8: the code comes first.
  const [, code, words = ''] = /^\[([!-Z^-~]+)\][ \t]*(.*)$/s.exec(rest) ?? [];
  return code === undefined ? { ok, text: rest } : { ok, code: code.toUpperCase(), text: words };
}

/** The challenge in a line of AUTH (RFC 5034 §4), in base64; undefined where it is a response. */
export function parseChallenge(line: Line): string | undefined {
  return /^\+(?: (.*))?$/s.exec(responseText(line))?.slice(1).join('');
}

function responseText({ bytes, fault }: Line): string {
  if (fault === 'bare CR') throw badResponse('a bare CR in a response');
  if (fault === 'too long') throw badResponse('a response that is too long');
  return fromUtf8(bytes);
}
