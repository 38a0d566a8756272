/** How an answer is framed: what a server adds to what a handler says (RFC 9112 §6, RFC 9110 §6.4). */
import type { HeaderList } from '../../lib/ordered-headers.ts';
import { misuse } from '../errors.ts';
import type { RequestHead } from '../types.ts';
import { listNames } from '../wire/tokens.ts';

export interface ResponseFrame {
  readonly coding: 'none' | 'length' | 'chunked' | 'close';
  /** The lines about framing and the connection, each with CR LF. */
  readonly lines: string;
  /** The handler's fields without those that are the server's to say. */
  readonly headers: HeaderList;
  readonly keepAlive: boolean;
}

/** What a handler may not decide: it would break the framing of the connection. */
const OWN = ['Content-Length', 'Transfer-Encoding', 'Connection', 'Keep-Alive'];

/** `length` is the body's, undefined when only its end will tell. */
export function frameResponse(
  request: Pick<RequestHead, 'method' | 'version'> | undefined,
  status: number,
  given: HeaderList,
  length: number | undefined,
  persistent: boolean,
): ResponseFrame {
  if (status < 200 && status !== 101) {
    throw misuse('HTTP_BAD_STATUS_LINE', `${status} can not end an answer`, 'RFC 9110 §15.2');
  }
  const version = request?.version ?? '1.1';
  if (switches(request?.method, status)) return switchFrame(status, given);
  const declared = given.get('Content-Length');
  const keep = persistent && !listNames(given.joined('Connection'), 'close');
  const headers = OWN.some((name) => given.has(name)) ? given.without(...OWN) : given;
  const body = bodyLine(request?.method, version, status, length, declared);
  const keepAlive = keep && body.coding !== 'close';
  return { ...body, lines: body.lines + connectionLine(version, keepAlive), headers, keepAlive };
}

/** Whether an answer ends HTTP on its connection (RFC 9110 §9.3.6, §15.2.2). */
export function switches(method: string | undefined, status: number): boolean {
  return status === 101 || (method === 'CONNECT' && status >= 200 && status < 300);
}

/** RFC 9110 §9.3.6: no framing in what begins a tunnel; §7.8: 101 names the protocol, hop by hop. */
function switchFrame(status: number, given: HeaderList): ResponseFrame {
  const lines = status === 101 ? 'Connection: upgrade\r\n' : '';
  return { coding: 'none', lines, headers: given.without(...OWN), keepAlive: true };
}

function bodyLine(
  method: string | undefined,
  version: string,
  status: number,
  length: number | undefined,
  declared: string | undefined,
): Pick<ResponseFrame, 'coding' | 'lines'> {
  // RFC 9110 §8.6: no Content-Length in 204; RFC 9112 §6.1: no Transfer-Encoding either.
  if (status === 204) return { coding: 'none', lines: '' };
  if (status === 304 || method === 'HEAD') {
    // What GET would have said, as far as it is known without making the body.
    const known = length ?? declared;
    return { coding: 'none', lines: known === undefined ? '' : `Content-Length: ${known}\r\n` };
  }
  if (length !== undefined) return { coding: 'length', lines: `Content-Length: ${length}\r\n` };
  if (version === '1.0') return { coding: 'close', lines: '' };
  return { coding: 'chunked', lines: 'Transfer-Encoding: chunked\r\n' };
}

/** Said only where it differs from what the client takes for granted (RFC 9112 §9.3). */
function connectionLine(version: string, keepAlive: boolean): string {
  if (!keepAlive) return 'Connection: close\r\n';
  return version === '1.0' ? 'Connection: keep-alive\r\n' : '';
}
