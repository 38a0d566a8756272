/** One message to a server and the reply to it, on UDP or TCP. Clients and resolver build on it. */
import { deferred } from '../lib/deferred.ts';
import { type Endpoint, endpointText, sameEndpoint } from '../lib/endpoint.ts';
import { NetworkError, ProtocolError } from '../lib/errors.ts';
import { below, type DatagramSocket, type Host } from '../net/index.ts';
import type { Transport } from '../trace/index.ts';
import { RANDOM_PORT_TRIES } from './defaults.ts';
import { DnsError } from './errors.ts';
import { edns, message } from './message.ts';
import { plainName } from './name.ts';
import type { Message, Question } from './types.ts';
import { decodeMessage, encodeMessage, frame, Unframer } from './wire/index.ts';

export interface ExchangeOptions {
  readonly timeoutMs: number;
  /** RD: asks the server to do the rest. */
  readonly recursionDesired: boolean;
  /** The UDP size that we announce; 0 sends no OPT. */
  readonly udpSize: number;
  /** On TCP at once; else only after a truncated reply. */
  readonly tcp: boolean;
  readonly signal?: AbortSignal;
  /** What the query says beside: of another opcode, with records. */
  readonly parts?: Partial<Pick<Message, 'opcode' | 'authoritative' | 'answers'>>;
  /** Told our end before a query leaves from it: notes belong to that conversation. */
  readonly onSocket?: (local: Endpoint, transport: Transport) => void;
}

export interface Exchanged {
  readonly message: Message;
  /** The size of the reply. */
  readonly size: number;
  readonly server: Endpoint;
  readonly transport: Transport;
  /** Milliseconds from the query to its reply. */
  readonly took: number;
}

/**
 * Asks one server once: on UDP, then without OPT if the server does not know it (RFC 6891 §6.2.2),
 * then on TCP if the reply was truncated (RFC 7766 §5). Throws DnsError: DNS_TIMEOUT, DNS_ABORTED,
 * DNS_UNREACHABLE.
 */
export async function exchange(
  host: Host,
  server: Endpoint,
  question: Question,
  options: ExchangeOptions,
): Promise<Exchanged> {
  const send = options.tcp ? overTcp : overUdp;
  const first = await send(host, server, question, options);
  const strange = options.udpSize > 0 && !first.message.edns && first.message.rcode === 'FORMERR';
  const best = strange ? await send(host, server, question, { ...options, udpSize: 0 }) : first;
  if (!best.message.truncated || best.transport === 'tcp') return best;
  return await overTcp(host, server, question, options);
}

function queryFor(host: Host, question: Question, options: ExchangeOptions): Message {
  return message({
    id: below(host.random, 65_536),
    recursionDesired: options.recursionDesired,
    questions: [question],
    ...options.parts,
    ...(options.udpSize > 0 && { edns: edns(options.udpSize) }),
  });
}

async function overUdp(
  host: Host,
  server: Endpoint,
  question: Question,
  options: ExchangeOptions,
): Promise<Exchanged> {
  const query = queryFor(host, question, options);
  const socket = await bindRandomly(host);
  const wait = waiting(host, server, question, options);
  let sent = 0;
  socket.onDatagram(({ bytes, from }) => {
    if (!sameEndpoint(from, server)) return;
    const reply = readReply(bytes, query, question);
    if (!reply) return;
    const took = host.clock.now() - sent;
    wait.resolve({ message: reply, size: bytes.length, server, transport: 'udp', took });
  });
  try {
    options.onSocket?.(socket.local, 'udp');
    sent = host.clock.now();
    socket.send(encodeMessage(query), server);
    return await wait.promise;
  } finally {
    wait.stop();
    socket.close();
  }
}

/** A port that nobody can guess, so that nobody can answer in the server's place (RFC 5452 §9.2). */
async function bindRandomly(host: Host): Promise<DatagramSocket> {
  for (let tries = 0; tries < RANDOM_PORT_TRIES; tries++) {
    try {
      return await host.network.bind({ port: 1024 + below(host.random, 64_512) });
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      if (error.kind !== 'in-use' && error.kind !== 'not-permitted') throw error;
    }
  }
  return await host.network.bind({ port: 0 });
}

async function overTcp(
  host: Host,
  server: Endpoint,
  question: Question,
  options: ExchangeOptions,
): Promise<Exchanged> {
  const query = queryFor(host, question, options);
  const started = host.clock.now();
  const { timeoutMs, signal } = options;
  const connection = await host.network
    .connect(server, { timeoutMs, ...(signal && { signal }) })
    .catch((error: unknown) => {
      throw failure(error, server, question);
    });
  const wait = waiting(host, server, question, options);
  const unframer = new Unframer();
  connection.attach({
    onData(bytes) {
      for (const one of unframer.push(bytes)) {
        const reply = readReply(one, query, question);
        if (!reply) continue;
        const took = host.clock.now() - started;
        wait.resolve({ message: reply, size: one.length, server, transport: 'tcp', took });
      }
    },
    onEnd: () => wait.reject(unreachable(server, question, 'closed the connection')),
    onClose: () => wait.reject(unreachable(server, question, 'closed the connection')),
  });
  try {
    options.onSocket?.(connection.local, 'tcp');
    connection.write(frame(encodeMessage(query)));
    const reply = await wait.promise;
    connection.end();
    return reply;
  } catch (error) {
    connection.destroy();
    throw error;
  } finally {
    wait.stop();
  }
}

/**
 * The reply in these bytes, if it is one to `query`: same id, same question (RFC 5452 §9.1). Anything
 * else may be forged or late: it is passed over, and the wait goes on.
 */
function readReply(bytes: Uint8Array, query: Message, question: Question): Message | undefined {
  try {
    const reply = decodeMessage(bytes);
    if (!reply.response || reply.id !== query.id || reply.opcode !== query.opcode) return undefined;
    const [repeated, ...more] = reply.questions;
    if (!repeated) return reply.rcode === 'NOERROR' ? undefined : reply;
    const same =
      repeated.name === question.name &&
      repeated.type === question.type &&
      repeated.class === question.class;
    return same && more.length === 0 ? reply : undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

interface Waiting {
  readonly promise: Promise<Exchanged>;
  resolve(reply: Exchanged): void;
  reject(error: DnsError): void;
  stop(): void;
}

/** A reply to come, or the end of patience. */
function waiting(
  host: Host,
  server: Endpoint,
  question: Question,
  { timeoutMs, signal }: ExchangeOptions,
): Waiting {
  const { promise, resolve, reject } = deferred<Exchanged>();
  const told = `${plainName(question.name)} ${question.type}`;
  const timer = host.clock.setTimer(timeoutMs, () => {
    const text = `no reply from ${endpointText(server)} within ${timeoutMs} ms to ${told}`;
    reject(new DnsError('DNS_TIMEOUT', text, { question }));
  });
  const abort = () => reject(aborted(question));
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  return {
    promise,
    resolve,
    reject,
    stop() {
      timer.cancel();
      signal?.removeEventListener('abort', abort);
    },
  };
}

function aborted(question: Question): DnsError {
  return new DnsError('DNS_ABORTED', `the question for ${question.name} was given up`, {
    question,
  });
}

function unreachable(server: Endpoint, question: Question, why: string): DnsError {
  return new DnsError('DNS_UNREACHABLE', `${endpointText(server)} ${why}`, { question });
}

function failure(error: unknown, server: Endpoint, question: Question): unknown {
  if (!(error instanceof NetworkError)) return error;
  if (error.kind === 'aborted') return aborted(question);
  const code = error.kind === 'timeout' ? 'DNS_TIMEOUT' : 'DNS_UNREACHABLE';
  const text = `no connection to ${endpointText(server)}: ${error.message}`;
  return new DnsError(code, text, { question, cause: error });
}
