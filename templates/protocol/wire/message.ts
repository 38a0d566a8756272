/** Lines to messages and back (Greeting §2). Total: any line gives a message or a ProtocolError. */
import { latin1 } from '../../../src/lib/bytes.ts';
import { badLine } from '../errors.ts';
import type { Reply, Request } from '../types.ts';

export function parseRequest(line: string): Request {
  if (/^bye$/i.test(line)) return { type: 'bye' };
  const match = /^greet ([!-~]+)$/i.exec(line);
  if (match) return { type: 'greet', name: match[1] ?? '' };
  throw badLine('expected GREET and a name, or BYE', 0);
}

export function encodeRequest(request: Request): Uint8Array {
  return latin1(request.type === 'bye' ? 'BYE\r\n' : `GREET ${request.name}\r\n`);
}

export function parseReply(line: string): Reply {
  const match = /^(\d{3}) (.*)$/.exec(line);
  if (match) return { code: Number(match[1]), text: match[2] ?? '' };
  throw badLine('expected a code of three digits and a text', 0);
}

export function encodeReply(reply: Reply): Uint8Array {
  return latin1(`${reply.code} ${reply.text}\r\n`);
}
