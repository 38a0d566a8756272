/**
 * Mutated datagrams against a running name server and a running resolver, on real sockets: neither
 * falls over, each datagram is answered or dropped as the standard says, memory stays flat. So many
 * as FUZZ_ROUNDS says; a million take about a minute.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import {
  authoritative,
  chain,
  decodeMessage,
  edns,
  encodeMessage,
  MemoryZone,
  MemoryZones,
  type Message,
  message,
  parseZoneFile,
  question,
  Resolver,
  recursive,
  serveDns,
} from '../../src/dns/index.ts';
import { latin1 } from '../../src/lib/bytes.ts';
import type { Server } from '../../src/net/index.ts';
import { type RealHost, realHost } from '../../src/net/real/index.ts';
import { inputs, ROUNDS, SEED } from './mutate.ts';

const TIME = 600_000;

/** Datagrams between two questions whose answer is waited for: what the socket's buffer holds easily. */
const BATCH = 200;

const ZONE = `$TTL 60
@ SOA ns host 1 2 3 4 5
@ NS ns
ns A 127.0.0.1
www A 127.0.0.9
*.wild TXT "yes"
alias CNAME www
cut NS ns.cut
ns.cut A 127.0.0.1
`;

const QUERIES = [
  message({
    id: 1,
    recursionDesired: true,
    questions: [question('www.test.', 'A')],
    edns: edns(1232),
  }),
  message({ id: 2, questions: [question('alias.test.', 'AAAA')] }),
  message({ id: 3, questions: [question('a.b.wild.test.', 'TXT')], edns: edns(512, true) }),
  message({ id: 4, recursionDesired: true, questions: [question('x.cut.test.', 'ANY')] }),
].map((query) => encodeMessage(query));

const SPICE = ['\xc0\x0c', '\xc0\x00', '\0\0', '\xff\xff', '\0\x29', '\x3f', '\x01', '\0'].map(
  latin1,
);

let host: RealHost;
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close({ graceMs: 0 });
  await host.close();
});

/** Whether a server may answer this at all: a whole header that is no response (RFC 1035 §4.1.1). */
function deservesReply(bytes: Uint8Array): boolean {
  return bytes.length >= 12 && ((bytes[2] as number) & 0x80) === 0;
}

interface Tally {
  readonly sent: number;
  readonly deserving: number;
  readonly replies: number;
  readonly broken: number;
}

/** Sends everything, waiting for the answer to a good question after each batch. */
async function bombard(port: number, rounds: number): Promise<Tally> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  let replies = 0;
  let broken = 0;
  let heard: ((id: number) => void) | undefined;
  socket.on('message', (bytes) => {
    const reply = read(bytes);
    if (!reply?.response) broken++;
    else if (reply.id >= 0xf000 && reply.questions[0]?.name === 'www.test.') heard?.(reply.id);
    else replies++;
  });
  const send = (bytes: Uint8Array) =>
    new Promise<void>((resolve) => socket.send(bytes, port, '127.0.0.1', () => resolve()));
  let [sent, deserving, batch] = [0, 0, 0];
  for (const input of inputs(QUERIES, SPICE, rounds)) {
    // The good questions have ids of their own.
    if (input.length > 0) input[0] = (input[0] as number) & 0x7f;
    await send(input);
    sent++;
    if (deservesReply(input)) deserving++;
    if (sent % BATCH !== 0) continue;
    const id = 0xf000 + (batch++ & 0xfff);
    const answered = new Promise<void>((resolve) => {
      heard = (other) => other === id && resolve();
    });
    await send(
      encodeMessage(
        message({ id, recursionDesired: true, questions: [question('www.test.', 'A')] }),
      ),
    );
    await answered;
  }
  socket.close();
  return { sent, deserving, replies, broken };
}

function read(bytes: Uint8Array): Message | undefined {
  try {
    return decodeMessage(bytes);
  } catch {
    return undefined;
  }
}

async function nameServer(): Promise<Server> {
  const zones = new MemoryZones([
    new MemoryZone('test.', parseZoneFile(ZONE, { origin: 'test.' })),
  ]);
  const server = await serveDns(host, { port: 0, handler: chain(authoritative(zones)) });
  servers.push(server);
  return server;
}

it(`a name server (seed ${SEED}, ${ROUNDS} datagrams)`, { timeout: TIME }, async () => {
  host = realHost();
  const { local } = await nameServer();
  await bombard(local.port, 20_000);
  const before = process.memoryUsage().rss;
  const { sent, deserving, replies, broken } = await bombard(local.port, ROUNDS);
  expect(sent).toBe(ROUNDS);
  expect(broken).toBe(0);
  expect(replies).toBeLessThanOrEqual(deserving);
  expect(replies).toBeGreaterThan(0.95 * deserving);
  expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
});

it(`a resolver (seed ${SEED}, ${ROUNDS / 4} datagrams)`, { timeout: TIME }, async () => {
  host = realHost();
  const { local } = await nameServer();
  const resolver = new Resolver(host, {
    hints: [{ name: 'ns.test.', address: '127.0.0.1' }],
    port: local.port,
  });
  const server = await serveDns(host, { port: 0, handler: chain(recursive(resolver)) });
  servers.push(server);
  await bombard(server.local.port, 5_000);
  const before = process.memoryUsage().rss;
  const { sent, deserving, replies, broken } = await bombard(server.local.port, ROUNDS / 4);
  expect(sent).toBe(ROUNDS / 4);
  expect(broken).toBe(0);
  expect(replies).toBeLessThanOrEqual(deserving);
  expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
});
