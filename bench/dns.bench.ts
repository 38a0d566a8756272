/** Queries a second of processor time beside a canned responder (load: dnsperf), and the codec beside dns-packet. */
import { createRequire } from 'node:module';
import { decodeMessage, encodeMessage, message, question } from '../src/dns/index.ts';
import { type Bench, median, type Result, rateOf } from './bench.ts';
import { servers } from './dns-servers.ts';

interface Packet {
  decode(bytes: Uint8Array): unknown;
  encode(packet: unknown): Uint8Array;
}

const require = createRequire(import.meta.url);
/** It comes without types. */
const packet = require('dns-packet') as Packet;

const ROUNDS = 5;

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
