/** Bytes of a query in, bytes of the reply out: what UDP and TCP have in common. */
import type { Endpoint } from '../lib/endpoint.ts';
import { ProtocolError } from '../lib/errors.ts';
import type { Transport } from '../trace/index.ts';
import { EDNS_SIZE, UDP_LIMIT } from './defaults.ts';
import { isMessage } from './handlers/reply.ts';
import type { DnsRequest, Handler, Lease, Reply } from './handlers/types.ts';
import { message, edns as opt, reply } from './message.ts';
import { ReplyCache } from './reply-cache.ts';
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
  const replies = handler.reusable ? new ReplyCache() : undefined;
  return (bytes, path) => {
    // A response to a response could go on for ever between two servers.
    if (bytes.length < HEADER || ((bytes[2] as number) & QR_BYTE) !== 0) return undefined;
    const cache = path.transport === 'udp' ? replies : undefined;
    const known = cache?.find(bytes);
    if (known) return known;
    const query = read(bytes);
    if (query instanceof ProtocolError) return encodeMessage(headerReply(bytes));
    const limit = path.transport === 'tcp' ? 65535 : sizeFor(query.edns, udpSize);
    const encode = (answer: Message) => encodeMessage(withEdns(answer, query, own), limit);
    const refusal = check(query);
    if (refusal) return encode(refusal);
    // Options differ from client to client, so that what has some would only fill the cache.
    const asked = query.edns?.options.length ? undefined : cache;
    return respond(handler, { query, question: query.questions[0], ...path }, encode, failed, {
      bytes,
      cache: asked,
    });
  };
}

interface Keeping {
  readonly bytes: Uint8Array;
  readonly cache: ReplyCache | undefined;
}

function respond(
  handler: Handler,
  request: DnsRequest,
  encode: (answer: Message) => Uint8Array,
  failed: (error: unknown) => void,
  { bytes, cache }: Keeping,
): Response | Promise<Response> {
  let lease: Lease | undefined;
  const keep = (given: Lease) => {
    lease = given;
  };
  const finish = (answer: Reply): Response => {
    if (!answer) return undefined;
    if (!isMessage(answer)) return encodeAll(answer.messages, encode);
    const made = encode(answer);
    if (lease) cache?.keep(bytes, made, lease);
    return made;
  };
  const fail = (error: unknown): Response => {
    failed(error);
    return encode(reply(request.query, { rcode: 'SERVFAIL' }));
  };
  try {
    const answer = handler(cache ? { ...request, keep } : request);
    return answer instanceof Promise ? answer.then(finish).catch(fail) : finish(answer);
  } catch (error) {
    return fail(error);
  }
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
