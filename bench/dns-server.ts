/** A process that answers DNS, ours or a bare responder, and tells its processor time when asked. */
import { createSocket, type Socket } from 'node:dgram';
import { createRequire } from 'node:module';
import {
  authoritative,
  chain,
  MemoryZone,
  MemoryZones,
  parseZoneFile,
  Resolver,
  recursive,
  serveDns,
} from '../src/dns/index.ts';
import { realHost } from '../src/net/real/index.ts';
import { cpuSeconds } from './bench.ts';

/** A thousand names, as the load asks for them. */
const ZONE = `$TTL 3600
bench.test. SOA ns.bench.test. admin.bench.test. 1 3600 900 604800 60
@ NS ns
ns A 127.0.0.1
$GENERATE 0-999 n$ A 10.0.0.1
`;

async function zoneServer(port = 0, shared = false): Promise<number> {
  const origin = 'bench.test.';
  const zones = new MemoryZones([new MemoryZone(origin, parseZoneFile(ZONE, { origin }))]);
  const server = await serveDns(realHost(), { port, shared, handler: chain(authoritative(zones)) });
  return server.local.port;
}

/** A port that was named on the command line: another process's, or one to share. */
function namedPort(): number {
  return Number(process.argv[3]);
}

/** Forwards to another process what it does not know yet: after the first round all is in the cache. */
async function cachedResolver(): Promise<number> {
  const forward = [{ address: '127.0.0.1', port: namedPort() }];
  const host = realHost();
  const resolver = new Resolver(host, { hints: [], forward });
  const server = await serveDns(host, { port: 0, handler: chain(recursive(resolver)) });
  return server.local.port;
}

/** The least that a responder on node:dgram can do: one answer for all, no look-up. */
async function canned(): Promise<number> {
  const socket = createSocket({
    type: 'udp4',
    recvBufferSize: 2 << 20,
    lookup: (name, _, found) => found(null, name, 4),
  });
  const answer = Buffer.from('c00c0001000100000e1000040a000001', 'hex');
  socket.on('message', (query, { port, address }) => {
    const end = query.indexOf(0, 12) + 5;
    const reply = Buffer.allocUnsafe(end + answer.length);
    query.copy(reply, 0, 0, end);
    reply[2] = 0x85;
    reply[3] = 0;
    reply.writeUInt32BE(0x10001, 4);
    reply.writeUInt32BE(0, 8);
    answer.copy(reply, end);
    socket.send(reply, 0, reply.length, port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return socket.address().port;
}

interface Dns2Packet {
  readonly questions: readonly { readonly name: string }[];
  readonly answers: unknown[];
}

interface Dns2 {
  readonly Packet: {
    createResponseFromRequest(request: Dns2Packet): Dns2Packet;
    readonly TYPE: { readonly A: number };
    readonly CLASS: { readonly IN: number };
  };
  createUDPServer(
    answer: (request: Dns2Packet, send: (response: Dns2Packet) => void) => void,
  ): Socket;
}

/** The same zone in the server of npm's dns2, by a map of names. */
async function dns2(): Promise<number> {
  const { Packet, createUDPServer } = createRequire(import.meta.url)('dns2') as Dns2;
  const names = new Map(Array.from({ length: 1_000 }, (_, i) => [`n${i}.bench.test`, '10.0.0.1']));
  const server = createUDPServer((request, send) => {
    const response = Packet.createResponseFromRequest(request);
    const name = request.questions[0]?.name ?? '';
    const address = names.get(name);
    const { A: type } = Packet.TYPE;
    if (address) response.answers.push({ name, type, class: Packet.CLASS.IN, ttl: 3_600, address });
    send(response);
  });
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  return server.address().port;
}

const KINDS: Readonly<Record<string, () => Promise<number>>> = {
  authoritative: () => zoneServer(),
  shared: () => zoneServer(namedPort(), true),
  cached: cachedResolver,
  canned,
  dns2,
};
const start = KINDS[process.argv[2] ?? ''];
if (!start) throw new Error(`no such server: ${process.argv[2]}`);
const port = await start();
process.on('message', () => process.send?.({ cpu: cpuSeconds() }));
process.on('disconnect', () => process.exit());
process.send?.({ port });
