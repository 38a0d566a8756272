/** Queries a second of processor time beside a canned responder (load: dnsperf), and the codec beside dns-packet. */
import { type ChildProcess, execFile, execFileSync, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeMessage, encodeMessage, message, question } from '../src/dns/index.ts';
import { which } from '../tools/peers.ts';
import { type Bench, median, type Result, rateOf } from './bench.ts';

interface Packet {
  decode(bytes: Uint8Array): unknown;
  encode(packet: unknown): Uint8Array;
}

const require = createRequire(import.meta.url);
/** It comes without types. */
const packet = require('dns-packet') as Packet;

/** Many short rounds: the machine has other work too, and all should see the same of it. */
const ROUNDS = 11;
const SECONDS = 1;
const run = promisify(execFile);

interface Peer {
  readonly child: ChildProcess;
  readonly port: number;
}

function heard<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('the server ended'));
    child.once('exit', ended);
    child.once('message', (value) => {
      child.off('exit', ended);
      resolve(value as T);
    });
  });
}

/** The server on the first core, the load on the second: both on one would measure the load. */
async function start(kind: string, upstream = 0): Promise<Peer> {
  const child = fork(join(import.meta.dirname, 'dns-server.ts'), [kind, String(upstream)]);
  const { port } = await heard<{ port: number }>(child);
  execFileSync('taskset', ['-a', '-cp', '0', String(child.pid)], { stdio: 'ignore' });
  return { child, port };
}

async function cpu({ child }: Peer): Promise<number> {
  const answer = heard<{ cpu: number }>(child);
  child.send('cpu');
  return (await answer).cpu;
}

/** Answers per second of the server's processor time. */
async function measure(peer: Peer, queries: string, seconds: number): Promise<number> {
  const before = await cpu(peer);
  const words = `-s 127.0.0.1 -p ${peer.port} -d ${queries} -l ${seconds} -q 100 -c 1 -T 1`;
  const { stdout } = await run('taskset', ['-c', '1', 'dnsperf', ...words.split(' ')]);
  const after = await cpu(peer);
  const completed = Number(/Queries completed:\s+(\d+)/.exec(stdout)?.[1]);
  const lost = Number(/Queries lost:\s+(\d+)/.exec(stdout)?.[1]);
  if (!(completed > 0) || lost > completed / 100) throw new Error(`dnsperf: ${stdout}`);
  return completed / (after - before);
}

/** The resolver forwards to the first. */
const KINDS = ['authoritative', 'cached', 'canned', 'dns2'];

async function servers(): Promise<Result[]> {
  if (!which('dnsperf') || !which('taskset')) return [];
  const folder = mkdtempSync(join(tmpdir(), 'dns-bench-'));
  const queries = join(folder, 'queries');
  writeFileSync(queries, Array.from({ length: 1000 }, (_, i) => `n${i}.bench.test A\n`).join(''));
  const peers: Peer[] = [];
  try {
    for (const kind of KINDS) peers.push(await start(kind, peers[0]?.port));
    const figures = peers.map((): number[] => []);
    for (const peer of peers) await measure(peer, queries, SECONDS);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, peer] of peers.entries()) {
        figures[i]?.push(await measure(peer, queries, SECONDS));
      }
    }
    const [ours = 0, cached = 0, figure = 0, dns2 = 0] = figures.map(median);
    const { version } = require('dns2/package.json') as { version: string };
    const peer = { name: 'canned node:dgram', version: process.version, figure };
    const unit = 'answers per CPU-second';
    return [
      { name: 'authoritative UDP, 1,000 names', unit, ours, peer, goal: 0.9 },
      {
        name: 'authoritative UDP, 1,000 names',
        unit,
        ours,
        peer: { name: 'dns2', version, figure: dns2 },
        goal: 2.5,
      },
      { name: 'cached answers, UDP', unit, ours: cached, peer, goal: 0.8 },
    ];
  } finally {
    for (const { child } of peers) child.disconnect();
    rmSync(folder, { recursive: true });
  }
}

/** One question, CNAME, two A, NS and its A: 117 bytes as servers send it. */
const owner = { class: 'IN', ttl: 300 } as const;
const REPLY = message({
  id: 4711,
  response: true,
  questions: [question('www.example.com.', 'A')],
  answers: [
    { ...owner, name: 'www.example.com.', type: 'CNAME', target: 'web.example.com.' },
    { ...owner, name: 'web.example.com.', type: 'A', address: '192.0.2.1' },
    { ...owner, name: 'web.example.com.', type: 'A', address: '192.0.2.2' },
  ],
  authorities: [{ ...owner, name: 'example.com.', type: 'NS', target: 'ns.example.com.' }],
  additionals: [{ ...owner, name: 'ns.example.com.', type: 'A', address: '192.0.2.3' }],
});

const TIMES = 100_000;

async function codec(): Promise<Result[]> {
  const bytes = encodeMessage(REPLY);
  const buffer = Buffer.from(bytes);
  const theirs = packet.decode(buffer);
  const work = {
    decode: () => void decodeMessage(bytes),
    decodePacket: () => void packet.decode(buffer),
    encode: () => void encodeMessage(REPLY),
    encodePacket: () => void packet.encode(theirs),
  };
  const rates: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, once] of Object.entries(work)) {
      const rate = await rateOf(1, TIMES, () => {
        for (let i = 0; i < TIMES; i++) once();
      });
      const known = rates[name] ?? [];
      rates[name] = known;
      if (round > 0) known.push(rate);
    }
  }
  const { version } = require('dns-packet/package.json') as {
    version: string;
  };
  const unit = 'messages per CPU-second';
  const of = (name: string) => median(rates[name] ?? []);
  const peer = (name: string) => ({ name: 'dns-packet', version, figure: of(name) });
  return [
    { name: 'decode 5 records', unit, ours: of('decode'), peer: peer('decodePacket'), goal: 2 },
    {
      name: 'encode 5 records',
      unit,
      ours: of('encode'),
      peer: peer('encodePacket'),
      goal: 1,
      note: `compressed to ${bytes.length} bytes; the peer writes ${packet.encode(theirs).length}`,
    },
  ];
}

export const bench: Bench = {
  name: 'dns',
  async run() {
    return [...(await codec()), ...(await servers())];
  },
};
