import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { test } from 'vitest';
import {
  decodeMessage,
  dnsDissector,
  encodeMessage,
  frame,
  type Message,
  Unframer,
} from '../../src/dns/index.ts';
import { hex } from '../../src/lib/bytes.ts';
import { ProtocolError } from '../../src/lib/errors.ts';
import { seededRandom } from '../../src/net/index.ts';
import { anyMessage } from './dns-arbitraries.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? 20261122);
const ROUNDS = Number(process.env['FUZZ_ROUNDS'] ?? 100_000);

function decodeOrError(bytes: Uint8Array): Message | undefined {
  try {
    return decodeMessage(bytes);
  } catch (error) {
    if (error instanceof ProtocolError && error.spec && error.offset !== undefined)
      return undefined;
    throw error;
  }
}

/** A few ways in which bytes go wrong on their way, or are made to. */
function mutate(bytes: Uint8Array, random: ReturnType<typeof seededRandom>): Uint8Array {
  const below = (count: number) => random.uint32() % Math.max(1, count);
  let changed = bytes.slice();
  for (let times = 1 + below(3); times > 0; times--) {
    const at = below(changed.length);
    switch (below(5)) {
      case 0:
        changed[at] = below(256);
        break;
      case 1:
        changed[at] = 0xc0 | below(4);
        if (at + 1 < changed.length) changed[at + 1] = below(changed.length);
        break;
      case 2:
        changed = changed.slice(0, at);
        break;
      case 3:
        changed = Uint8Array.from([...changed, ...random.bytes(below(20))]);
        break;
      default:
        changed[at] = (changed[at] ?? 0) ^ (1 << below(8));
    }
  }
  return changed;
}

test(`noise and mutated messages give a message or a ProtocolError (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  const seeds = fc
    .sample(anyMessage, { seed: SEED, numRuns: 300 })
    .map((one) => encodeMessage(one));
  let read = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const bytes =
      round % 4 === 0
        ? random.bytes(random.uint32() % 64)
        : mutate(seeds[round % seeds.length] as Uint8Array, random);
    const found = decodeOrError(bytes);
    if (found) {
      read++;
      if (round % 10 === 1) deepEqual(decodeMessage(encodeMessage(found)), found);
    }
    if (round % 20 === 2) {
      const dissected = dnsDissector.datagram?.(bytes);
      equal(dissected?.malformed === true, found === undefined);
      dissected?.fields();
    }
  }
  ok(read > ROUNDS / 20);
}, 120_000);

test(`a stream is the same whole and byte by byte (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  const seeds = fc
    .sample(anyMessage, { seed: SEED, numRuns: 100 })
    .map((one) => encodeMessage(one));
  for (let round = 0; round < ROUNDS / 200; round++) {
    const sent = Array.from({ length: 1 + (random.uint32() % 4) }, () =>
      mutate(seeds[random.uint32() % seeds.length] as Uint8Array, random),
    );
    const stream = Uint8Array.from(sent.flatMap((one) => [...frame(one)]));
    const slowly = new Unframer();
    const got: Uint8Array[] = [];
    for (const byte of stream) got.push(...slowly.push(Uint8Array.of(byte)));
    deepEqual(got.map(hex), new Unframer().push(stream).map(hex));
    deepEqual(got.map(hex), sent.map(hex));
  }
}, 120_000);
