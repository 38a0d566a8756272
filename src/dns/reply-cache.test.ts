import { describe, expect, test } from 'vitest';
import { hex } from '../lib/bytes.ts';
import { World } from '../net/sim/index.ts';
import { authoritative } from './handlers/authoritative.ts';
import { chain } from './handlers/chain.ts';
import { cookies } from './handlers/cookies.ts';
import { distribute } from './handlers/distribute.ts';
import { type LogEntry, log } from './handlers/log.ts';
import { recursive } from './handlers/recursive.ts';
import type { Handler, Link } from './handlers/types.ts';
import { edns, message, question } from './message.ts';
import { OPTION, optionOf } from './options.ts';
import { Resolver } from './resolver.ts';
import { responder } from './responder.ts';
import { MemoryZone, MemoryZones } from './store/memory-zone.ts';
import { parseZoneFile } from './store/zone-file.ts';
import type { Message } from './types.ts';
import { decodeMessage, encodeMessage } from './wire/index.ts';

const zone = (address: string) => {
  const text = `$TTL 9\n@ SOA ns a 1 2 3 4 5\n@ NS ns\nns A 10.0.0.1\nwww A ${address}\nwww A 10.0.0.9\n`;
  return new MemoryZone('edu.', parseZoneFile(text, { origin: 'edu.' }));
};
const path = {
  from: { address: '10.0.0.100', port: 9 },
  local: { address: '10.0.0.1', port: 53 },
  transport: 'udp',
} as const;

/** Counts how often the links after it are asked. */
function counted(): { readonly link: Link; count: number } {
  const counter = {
    count: 0,
    link: (next: Handler): Handler =>
      Object.assign(
        (request: Parameters<Handler>[0]) => {
          counter.count++;
          return next(request);
        },
        { reusable: true },
      ),
  };
  return counter;
}

function asker(...links: Link[]) {
  const respond = responder(chain(...links));
  return (parts: Partial<Message> = {}, transport: 'udp' | 'tcp' = 'udp') => {
    const query = message({ questions: [question('www.edu.', 'A')], ...parts });
    return respond(encodeMessage(query), { ...path, transport }) as Uint8Array;
  };
}

describe('replies used again', () => {
  test('bear the id of each query, and end with the version of the zones', () => {
    const zones = new MemoryZones([zone('10.0.0.80')]);
    const counter = counted();
    const ask = asker(counter.link, authoritative(zones));
    const first = ask({ id: 1 });
    const second = ask({ id: 0xabcd });
    expect(counter.count).toBe(1);
    expect(hex(second)).toBe(`abcd${hex(first).slice(4)}`);
    zones.set(zone('10.0.0.81'));
    expect(decodeMessage(ask({ id: 2 })).answers).toMatchObject([
      { address: '10.0.0.81' },
      { address: '10.0.0.9' },
    ]);
    expect(counter.count).toBe(2);
  });

  test('are of the same question, size, flags and transport', () => {
    const counter = counted();
    const ask = asker(counter.link, authoritative(new MemoryZones([zone('10.0.0.80')])));
    ask();
    ask({ recursionDesired: true });
    ask({ edns: edns(1232) });
    ask({ edns: edns(4096) });
    ask({ questions: [question('WWW.edu.', 'A')] });
    ask({}, 'tcp');
    ask({}, 'tcp');
    expect(counter.count).toBe(7);
    expect(decodeMessage(ask({ questions: [question('WWW.edu.', 'A')] })).questions).toEqual([
      question('WWW.edu.', 'A'),
    ]);
    expect(counter.count).toBe(7);
  });

  test('pass over no link that looks at each query', () => {
    const entries: LogEntry[] = [];
    const world = new World({ seed: 1 });
    const clock = world.host('ns').clock;
    const zones = authoritative(new MemoryZones([zone('10.0.0.80')]));
    const logged = asker(
      log(clock, (entry) => void entries.push(entry)),
      zones,
    );
    for (let i = 0; i < 3; i++) logged();
    expect(entries).toHaveLength(3);
    const turning = asker(distribute(world.host('x').random, {}), zones);
    const turns = [1, 2].map(() => decodeMessage(turning()).answers[0]);
    expect(turns).toMatchObject([{ address: '10.0.0.80' }, { address: '10.0.0.9' }]);
  });

  test('never carry the cookie of another client', () => {
    const host = new World({ seed: 1 }).host('ns');
    const ask = asker(cookies(host), authoritative(new MemoryZones([zone('10.0.0.80')])));
    const withCookie = (data: Uint8Array) =>
      ask({ edns: edns(1232, false, [{ code: OPTION.COOKIE, data }]) });
    const [a, b] = [new Uint8Array(8).fill(1), new Uint8Array(8).fill(2)];
    for (const data of [a, b, a]) {
      const told = optionOf(decodeMessage(withCookie(data)).edns, OPTION.COOKIE);
      expect(told?.subarray(0, 8)).toEqual(data);
    }
    expect(decodeMessage(ask({ edns: edns(1232) })).edns?.options).toEqual([]);
  });
});

test('cached answers count down all the same, and end with a flush', async () => {
  const world = new World({ seed: 1, strict: true });
  const host = world.host('resolver', { address: '10.0.0.53' });
  const resolver = new Resolver(host, { hints: [] });
  const source = { address: '10.0.0.1', port: 53 };
  const record = { name: 'www.edu.', type: 'A', class: 'IN', ttl: 9, address: '10.0.0.7' } as const;
  resolver.cache.put([record], 4, source, world.now);
  const counter = counted();
  const ask = asker(counter.link, recursive(resolver));
  const ttl = () => decodeMessage(ask({ recursionDesired: true })).answers[0]?.ttl;
  const pass = (ms: number) => world.runUntil(world.now + ms);
  await pass(500);
  expect([ttl(), ttl()]).toEqual([8, 8]);
  expect(counter.count).toBe(1);
  await pass(400);
  expect(ttl()).toBe(8);
  await pass(200);
  expect(ttl()).toBe(7);
  await pass(6_000);
  expect(ttl()).toBe(1);
  await pass(1_800);
  expect(ttl()).toBe(0);
  expect(counter.count).toBe(1);
  await pass(100);
  expect(ask({ recursionDesired: true })).toBeInstanceOf(Promise);
  resolver.cache.put([record], 4, source, world.now);
  expect(ttl()).toBe(9);
  resolver.flush('www.edu.');
  expect(ask({ recursionDesired: true })).toBeInstanceOf(Promise);
});
