/** Bytes of a query in, bytes of the reply out: what UDP and TCP have in common. */
import type { Endpoint } from '../lib/endpoint.ts';
import { ProtocolError } from '../lib/errors.ts';
import type { Transport } from '../trace/index.ts';
import { EDNS_SIZE, UDP_LIMIT } from './defaults.ts';
import { isMessage } from './handlers/reply.ts';
import type { Handler, Reply } from './handlers/types.ts';
import { message, edns as opt, reply } from './message.ts';
import type { Edns, Message } from './types.ts';
import { decodeMessage, encodeMessage } from './wire/index.ts';

const HEADER = 12;
const QR_BYTE = 0x80;

/** Where a query came from, and where to. */
export interface Path {
  readonly from: Endpoint;
  readonly local: Endpoint;
  readonly transport: Transport;
}

/**
 * The reply's bytes, those of several messages on TCP, or nothing where none may be given: to
 * responses, to less than a header, and where the handler keeps silent.
 */
export type Response = Uint8Array | Iterable<Uint8Array> | undefined;

/**
 * Makes the responder of a server. `failed` hears of what a handler threw; the client gets SERVFAIL.
 */
export function responder(
  handler: Handler,
  udpSize: number = EDNS_SIZE,
  failed: (error: unknown) => void = () => {},
): (bytes: Uint8Array, path: Path) => Response | Promise<Response> {
  const own = opt(udpSize);
  return (bytes, path) => {
    // A response to a response could go on for ever between two servers.
    if (bytes.length < HEADER || ((bytes[2] as number) & QR_BYTE) !== 0) return undefined;
    const query = read(bytes);
    if (query instanceof ProtocolError) return encodeMessage(headerReply(bytes));
    const limit = path.transport === 'tcp' ? 65535 : sizeFor(query.edns, udpSize);
    const encode = (answer: Message) => encodeMessage(withEdns(answer, query, own), limit);
    const finish = (answer: Reply): Response => {
      if (!answer || isMessage(answer)) return answer && encode(answer);
      return encodeAll(answer.messages, encode);
    };
    const fail = (error: unknown) => {
      failed(error);
      return finish(reply(query, { rcode: 'SERVFAIL' }));
    };
    const refusal = check(query);
    if (refusal) return finish(refusal);
    try {
      const answer = handler({ query, question: query.questions[0], ...path });
      return answer instanceof Promise ? answer.then(finish).catch(fail) : finish(answer);
    } catch (error) {
      return fail(error);
    }
  };
}

function* encodeAll(
  messages: Iterable<Message>,
  encode: (message: Message) => Uint8Array,
): Generator<Uint8Array> {
  for (const message of messages) yield encode(message);
}

function read(bytes: Uint8Array): Message | ProtocolError {
  try {
    return decodeMessage(bytes);
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

/** To what can't be read a reply of the header alone: FORMERR, or NOTIMP to an unknown opcode. */
function headerReply(bytes: Uint8Array): Message {
  const { id, opcode, recursionDesired } = decodeMessage(headerOf(bytes));
  const rcode = opcode === 'QUERY' ? 'FORMERR' : 'NOTIMP';
  return message({ id, response: true, opcode, recursionDesired, rcode });
}

/** The header with all counts zero, which is a whole message. */
function headerOf(bytes: Uint8Array): Uint8Array {
  const header = new Uint8Array(HEADER);
  header.set(bytes.subarray(0, 4));
  return header;
}

function check(query: Message): Message | undefined {
  if (query.edns && query.edns.version > 0) return reply(query, { rcode: 'BADVERS' });
  if (query.opcode === 'QUERY' && query.questions.length !== 1) {
    return reply(query, { rcode: 'FORMERR' });
  }
  return undefined;
}

/** RFC 6891 §6.2.3: less than 512 counts as 512. Beyond our own size packets break on the way. */
function sizeFor(edns: Edns | undefined, udpSize: number): number {
  if (!edns) return UDP_LIMIT;
  return Math.max(UDP_LIMIT, Math.min(edns.udpSize, udpSize));
}

/** RFC 6891 §6.1.1: OPT in a reply if, and only if, the query had one; DO is repeated (RFC 3225). */
function withEdns(answer: Message, query: Message, own: Edns): Message {
  if (!query.edns) {
    const { edns: _, ...plain } = answer;
    return answer.edns ? plain : answer;
  }
  const { dnssecOk } = query.edns;
  const options = answer.edns?.options;
  const edns = dnssecOk || options ? { ...own, dnssecOk, options: options ?? [] } : own;
  return { ...answer, edns };
}
