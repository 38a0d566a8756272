/** One message to a server and the reply to it, on UDP or TCP. Clients and resolver build on it. */
import { deferred } from '../lib/deferred.ts';
import { type Endpoint, endpointText, sameEndpoint } from '../lib/endpoint.ts';
import { NetworkError, ProtocolError } from '../lib/errors.ts';
import { below, type DatagramSocket, type Host } from '../net/index.ts';
import type { Transport } from '../trace/index.ts';
import { RANDOM_PORT_TRIES } from './defaults.ts';
import { DnsError } from './errors.ts';
import type { CookieJar } from './machine/cookie-jar.ts';
import { mixCase, unmixed } from './machine/mixed-case.ts';
import type { TcpReason } from './machine/notes.ts';
import { edns, message } from './message.ts';
import { plainName, sameName } from './name.ts';
import { OPTION, optionOf, readCookie } from './options.ts';
import type { EdnsOption, Message, Question } from './types.ts';
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
  /** EDNS options beside the cookie, and DO. */
  readonly options?: readonly EdnsOption[];
  readonly dnssecOk?: boolean;
  /** What the query says beside: of another opcode, with records. */
  readonly parts?: Partial<Pick<Message, 'opcode' | 'authoritative' | 'answers'>>;
  /** Letters of both cases at random, which the reply must repeat; `onFolded` hears who does not. */
  readonly mixCase?: boolean;
  readonly onFolded?: () => void;
  /** The cookies of this client (RFC 7873). */
  readonly cookies?: CookieJar;
  /** After so many wrong replies the question goes to TCP, where nobody can guess; default: never. */
  readonly wrongReplies?: number;
  /** Told our end before a query leaves from it: notes belong to that conversation. */
  readonly onSocket?: (local: Endpoint, transport: Transport, why?: TcpReason) => void;
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
  if (options.tcp) return await overTcp(host, server, question, options);
  const first = await mixed(host, server, question, options);
  if (typeof first === 'string') return await overTcp(host, server, question, options, first);
  const best = (await again(host, server, question, options, first.message)) ?? first;
  if (!best.message.truncated || best.transport === 'tcp') return best;
  return await overTcp(host, server, question, options, 'truncated');
}

/** The second try, where the first reply asks for another kind of query. */
async function again(
  host: Host,
  server: Endpoint,
  question: Question,
  options: ExchangeOptions,
  { edns: opt, rcode }: Message,
): Promise<Exchanged | undefined> {
  if (options.udpSize > 0 && !opt && rcode === 'FORMERR') {
    const plain = await overUdp(host, server, question, { ...options, udpSize: 0, mixCase: false });
    return typeof plain === 'string' ? undefined : plain;
  }
  // The cookie that came with it is good now; if it is not, TCP needs none (RFC 7873 §5.3).
  if (rcode !== 'BADCOOKIE') return undefined;
  const second = await mixed(host, server, question, options);
  const good = typeof second !== 'string' && second.message.rcode !== 'BADCOOKIE';
  return good ? second : await overTcp(host, server, question, options, 'cookie');
}

/** On UDP, with the letters mixed where that is wanted; or why only TCP can be trusted. */
async function mixed(
  host: Host,
  server: Endpoint,
  question: Question,
  options: ExchangeOptions,
): Promise<Exchanged | TcpReason> {
  const { name } = question;
  const shown = options.mixCase ? mixCase(name, () => host.random.uint32()) : name;
  const reply = await overUdp(host, server, { ...question, name: shown }, options);
  if (typeof reply === 'string' || shown === name) return reply;
  return { ...reply, message: unmixed(reply.message, shown, name) };
}

function queryFor(
  host: Host,
  server: Endpoint,
  question: Question,
  options: ExchangeOptions,
): Message {
  const cookie = options.cookies?.for(server.address);
  const extra = [...(options.options ?? [])];
  if (cookie) extra.push({ code: OPTION.COOKIE, data: cookie });
  return message({
    id: below(host.random, 65_536),
    recursionDesired: options.recursionDesired,
    questions: [question],
    ...options.parts,
    ...(options.udpSize > 0 && { edns: edns(options.udpSize, options.dnssecOk, extra) }),
  });
}

async function overUdp(
  host: Host,
  server: Endpoint,
  question: Question,
  options: ExchangeOptions,
): Promise<Exchanged | TcpReason> {
  const query = queryFor(host, server, question, options);
  const socket = await bindRandomly(host);
  const wait = waiting<Exchanged | TcpReason>(host, server, question, options);
  let sent = 0;
  let wrong = 0;
  socket.onDatagram(({ bytes, from }) => {
    if (!sameEndpoint(from, server)) return;
    const reply = readReply(bytes, query, question);
    if (reply === 'folded' && options.mixCase) {
      options.onFolded?.();
      wait.resolve('folded');
      return;
    }
    if (!reply || reply === 'folded' || !cookieAccepted(reply, server, options)) {
      if (++wrong >= (options.wrongReplies ?? Number.POSITIVE_INFINITY)) wait.resolve('guessed');
      return;
    }
    const took = host.clock.now() - sent;
    wait.resolve({ message: reply, size: bytes.length, server, transport: 'udp', took });
  });
  try {
    options.onSocket?.(socket.local, 'udp');
    sent = host.clock.now();
    socket.send(encodeMessage(query), server);
    return await wait.promise;
  } catch (error) {
    options.cookies?.forget(server.address);
    throw error;
  } finally {
    wait.stop();
    socket.close();
  }
}

function cookieAccepted(
  reply: Message,
  { address }: Endpoint,
  { cookies, udpSize }: ExchangeOptions,
): boolean {
  if (!cookies || udpSize === 0) return true;
  const data = optionOf(reply.edns, OPTION.COOKIE);
  return cookies.accepts(address, data && readCookie(data));
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
  why?: TcpReason,
): Promise<Exchanged> {
  const query = queryFor(host, server, question, options);
  const started = host.clock.now();
  const { timeoutMs, signal } = options;
  const connection = await host.network
    .connect(server, { timeoutMs, ...(signal && { signal }) })
    .catch((error: unknown) => {
      throw failure(error, server, question);
    });
  const wait = waiting<Exchanged>(host, server, question, options);
  const unframer = new Unframer();
  connection.attach({
    onData(bytes) {
      for (const one of unframer.push(bytes)) {
        const reply = readReply(one, query, question);
        if (!reply || reply === 'folded') continue;
        // On TCP a cookie proves nothing more, but it is learned.
        cookieAccepted(reply, server, options);
        const took = host.clock.now() - started;
        wait.resolve({ message: reply, size: one.length, server, transport: 'tcp', took });
      }
    },
    onEnd: () => wait.reject(unreachable(server, question, 'closed the connection')),
    onClose: () => wait.reject(unreachable(server, question, 'closed the connection')),
  });
  try {
    options.onSocket?.(connection.local, 'tcp', why);
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
 * else may be forged or late: it is passed over, and the wait goes on. `folded`: the same but for the
 * case of its name.
 */
function readReply(
  bytes: Uint8Array,
  query: Message,
  question: Question,
): Message | 'folded' | undefined {
  try {
    const reply = decodeMessage(bytes);
    if (!reply.response || reply.id !== query.id || reply.opcode !== query.opcode) return undefined;
    const [repeated, ...more] = reply.questions;
    if (!repeated) return reply.rcode === 'NOERROR' ? undefined : reply;
    const same =
      sameName(repeated.name, question.name) &&
      repeated.type === question.type &&
      repeated.class === question.class;
    if (!same || more.length > 0) return undefined;
    return repeated.name === question.name ? reply : 'folded';
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

interface Waiting<T> {
  readonly promise: Promise<T>;
  resolve(reply: T): void;
  reject(error: DnsError): void;
  stop(): void;
}

/** A reply to come, or the end of patience. */
function waiting<T>(
  host: Host,
  server: Endpoint,
  question: Question,
  { timeoutMs, signal }: ExchangeOptions,
): Waiting<T> {
  const { promise, resolve, reject } = deferred<T>();
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
