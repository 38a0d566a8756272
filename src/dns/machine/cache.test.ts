import { expect, test } from 'vitest';
import type { ResourceRecord, SoaRecord } from '../types.ts';
import { Cache, RANK } from './cache.ts';
import { ServerTimes } from './servers.ts';

const source = { address: '10.0.0.1', port: 53 };
const a = (name: string, address = '10.0.0.9', ttl = 300): ResourceRecord => ({
  name,
  type: 'A',
  class: 'IN',
  ttl,
  address,
});
const ns = (target: string, ttl: number): ResourceRecord => ({
  name: 'edu.',
  type: 'NS',
  class: 'IN',
  ttl,
  target,
});
const soa = (ttl: number, minimum: number): SoaRecord => ({
  name: 'edu.',
  type: 'SOA',
  class: 'IN',
  ttl,
  primary: 'a.',
  mailbox: 'b.',
  serial: 1,
  refresh: 1,
  retry: 1,
  expire: 1,
  minimum,
});

test('TTLs run down, names are compared without case, and what is over is gone', () => {
  const cache = new Cache();
  cache.put([a('WWW.edu.')], RANK.answer, source, 1000);
  expect(cache.get('www.EDU.', 'A', 4000)).toMatchObject({ left: 297, ttl: 300, source });
  expect(cache.get('www.edu.', 'A', 4000)?.records[0]?.ttl).toBe(297);
  expect(cache.get('www.edu.', 'A', 300_999)?.left).toBe(0);
  expect(cache.get('www.edu.', 'A', 301_000)).toBeUndefined();
  expect(cache.size).toBe(0);
  expect(cache.bytes).toBe(0);
});

test('better data are not replaced by worse, and glue is no answer (RFC 2181 §5.4.1)', () => {
  const cache = new Cache();
  cache.put([a('ns.edu.', '10.0.0.1')], RANK.glue, source, 0);
  expect(cache.get('ns.edu.', 'A', 0)).toBeUndefined();
  expect(cache.get('ns.edu.', 'A', 0, RANK.glue)).toBeDefined();
  cache.put([a('ns.edu.', '10.0.0.2')], RANK.answer, source, 0);
  cache.put([a('ns.edu.', '6.6.6.6')], RANK.glue, source, 0);
  expect(cache.get('ns.edu.', 'A', 0)?.records).toMatchObject([{ address: '10.0.0.2' }]);
});

test('a referral that is repeated does not live longer than the first one said', () => {
  const cache = new Cache();
  cache.put([ns('old.', 100)], RANK.referral, source, 0);
  cache.put([ns('new.', 500)], RANK.referral, source, 50_000);
  expect(cache.get('edu.', 'NS', 60_000, RANK.referral)).toMatchObject({
    left: 40,
    records: [{ target: 'new.' }],
  });
});

test('NXDOMAIN denies every type, NODATA one, for the smaller of TTL and MINIMUM', () => {
  const cache = new Cache();
  cache.deny('nxdomain', 'no.edu.', 'A', soa(500, 60), source, 0);
  cache.deny('nodata', 'www.edu.', 'MX', soa(30, 60), source, 0);
  expect(cache.get('no.edu.', 'TXT', 0)).toMatchObject({ denial: 'nxdomain', left: 60 });
  expect(cache.get('www.edu.', 'MX', 0)).toMatchObject({ denial: 'nodata', left: 30 });
  expect(cache.get('www.edu.', 'A', 0)).toBeUndefined();
  cache.deny('nxdomain', 'long.edu.', 'A', soa(999_999, 999_999), source, 0);
  expect(cache.get('long.edu.', 'A', 0)?.left).toBe(10_800);
});

test('TTL 0 is not kept, and no TTL is believed for more than a week', () => {
  const cache = new Cache();
  cache.put([a('x.', '10.0.0.1', 0)], RANK.answer, source, 0);
  cache.put([a('y.', '10.0.0.1', 0x7fff_ffff)], RANK.answer, source, 0);
  expect(cache.get('x.', 'A', 0)).toBeUndefined();
  expect(cache.get('y.', 'A', 0)?.left).toBe(604_800);
});

test('the least recently used goes first, by count and by bytes', () => {
  const cache = new Cache({ entries: 3 });
  for (const name of ['a.', 'b.', 'c.']) cache.put([a(name)], RANK.answer, source, 0);
  cache.get('a.', 'A', 0);
  cache.put([a('d.')], RANK.answer, source, 0);
  expect([...cache.list(0)].map(({ name }) => name)).toEqual(['c.', 'a.', 'd.']);
  const small = new Cache({ bytes: 1000 });
  for (let i = 0; i < 50; i++) small.put([a(`n${i}.`)], RANK.answer, source, 0);
  expect(small.bytes).toBeLessThanOrEqual(1000);
  expect(small.get('n49.', 'A', 0)).toBeDefined();
});

test('flush forgets one name or all', () => {
  const cache = new Cache();
  cache.put([a('a.')], RANK.answer, source, 0);
  cache.put([a('b.')], RANK.answer, source, 0);
  expect(cache.flush('A.')).toBe(1);
  expect([...cache.list(0)]).toHaveLength(1);
  expect(cache.flush()).toBe(1);
  expect(cache.bytes).toBe(0);
});

test('servers: the quick are preferred, the silent wait longer and are forgiven in time', () => {
  const servers = new ServerTimes();
  expect(servers.timeout('x', 0)).toBe(800);
  servers.answered('x', 40, 0);
  servers.answered('y', 300, 0);
  expect(servers.cost('x', 0)).toBeLessThan(servers.cost('y', 0));
  expect(servers.cost('unknown', 0)).toBe(0);
  expect(servers.timeout('x', 0)).toBe(200);
  expect(servers.timeout('y', 0)).toBe(900);
  servers.failed('x', 0);
  expect(servers.cost('x', 0)).toBeGreaterThan(servers.cost('y', 0));
  expect(servers.timeout('x', 0)).toBe(400);
  for (let i = 0; i < 9; i++) servers.failed('x', 0);
  expect(servers.timeout('x', 0)).toBe(3_000);
  expect(servers.cost('x', 16 * 60_000)).toBe(0);
  servers.answered('x', 40, 0);
  expect(servers.list()).toContainEqual({ address: 'x', time: 40, failures: 0 });
});
