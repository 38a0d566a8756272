import { describe, expect, test } from 'vitest';
import type { QueryType } from '../types.ts';
import { formatRdata } from '../wire/index.ts';
import { MemoryZone, MemoryZones } from './memory-zone.ts';
import type { ZoneAnswer } from './types.ts';
import { checkZone } from './zone-check.ts';
import { parseZoneFile } from './zone-file.ts';

const origin = 'example.';

/** The zone of RFC 4592 §2.2.1, with a delegation that has glue. */
const TEXT = `$TTL 3600
@ SOA ns admin 1 2 3 4 300
  NS ns.example.com.
  NS ns.example.net.
* TXT "this is a wildcard"
* MX 10 host1
sub.* TXT "this is not a wildcard"
host1 A 192.0.2.1
_ssh._tcp.host1 TXT "a"
_ssh._tcp.host2 TXT "b"
subdel NS ns.example.com.
subdel NS ns.subdel
ns.subdel A 192.0.2.9
alias CNAME host1
`;
const zone = new MemoryZone(origin, parseZoneFile(TEXT, { origin }));

function says(answer: ZoneAnswer): string {
  if (answer.kind === 'answer') {
    return answer.records.map((record) => `${record.name} ${formatRdata(record)}`).join(', ');
  }
  if (answer.kind === 'alias') return `${answer.record.name} -> ${answer.record.target}`;
  return answer.kind === 'referral' ? `ask the servers of ${answer.ns.name}` : answer.kind;
}

describe('lookup, by the examples of RFC 4592 §2.2.1', () => {
  test.each<[string, QueryType, string]>([
    ['host3.example.', 'MX', 'host3.example. 10 host1.example.'],
    ['host3.example.', 'A', 'nodata'],
    ['foo.bar.example.', 'TXT', 'foo.bar.example. "this is a wildcard"'],
    ['host1.example.', 'MX', 'nodata'],
    ['sub.*.example.', 'MX', 'nodata'],
    ['_telnet._tcp.host1.example.', 'TXT', 'nxdomain'],
    ['host.subdel.example.', 'A', 'ask the servers of subdel.example.'],
    ['ghost.*.example.', 'MX', 'nxdomain'],
    ['_tcp.host2.example.', 'TXT', 'nodata'],
    ['host2.example.', 'MX', 'nodata'],
    ['*.example.', 'MX', '*.example. 10 host1.example.'],
    ['ns.subdel.example.', 'A', 'ask the servers of subdel.example.'],
    ['HOST1.Example.', 'A', 'HOST1.Example. 192.0.2.1'],
    ['alias.example.', 'A', 'alias.example. -> host1.example.'],
    ['alias.example.', 'CNAME', 'alias.example. host1.example.'],
    ['host1.example.', 'ANY', 'host1.example. 192.0.2.1'],
  ])('%s %s', (name, type, expected) => {
    expect(says(zone.lookup(name, type))).toBe(expected);
  });

  test('glue is found below the cut', () => {
    expect(zone.rrset('NS.subdel.example.', 'A')?.records).toHaveLength(1);
  });
});

test('the SOA of negative answers has the smaller of TTL and MINIMUM (RFC 2308 §3)', () => {
  expect(zone.negativeSoa.ttl).toBe(300);
});

test('a zone needs one SOA, and only its own names', () => {
  const soa = '@ 1 SOA a b 1 2 3 4 5\n';
  const records = (text: string) => parseZoneFile(text, { origin });
  expect(() => new MemoryZone(origin, records('a 1 A 127.0.0.1'))).toThrow(/0 SOA/);
  expect(() => new MemoryZone(origin, records(`${soa}@ 1 SOA a b 2 2 3 4 5`))).toThrow(/2 SOA/);
  expect(() => new MemoryZone(origin, records(`${soa}a.b. 1 A 127.0.0.1`))).toThrow(/not within/);
});

test('an RRset has no record twice, and one TTL (RFC 2181 §5)', () => {
  const text = '@ 9 SOA a b 1 2 3 4 5\na 300 A 127.0.0.1\nA 60 A 127.0.0.2\na 60 A 127.0.0.1';
  const small = new MemoryZone(origin, parseZoneFile(text, { origin }));
  expect(small.rrset('a.example.', 'A')?.records).toMatchObject([
    { address: '127.0.0.1', ttl: 60 },
    { address: '127.0.0.2', ttl: 60 },
  ]);
});

test('a name with 65,536 addresses loads', () => {
  const text = `@ 9 SOA a b 1 2 3 4 5\n$GENERATE 0-65535 a 60 TYPE9 \\# 2 \${0,4,x}`;
  const large = new MemoryZone(origin, parseZoneFile(text, { origin }));
  expect(large.rrset('a.example.', 'TYPE9')?.records).toHaveLength(65_536);
});

test('the store finds the nearest zone', () => {
  const text = '@ 1 SOA a b 1 2 3 4 5';
  const made = ['.', 'edu.', 'campus.edu.'].map(
    (name) => new MemoryZone(name, parseZoneFile(text, { origin: name })),
  );
  const zones = new MemoryZones(made);
  expect(zones.find('www.Campus.edu.')?.origin).toBe('campus.edu.');
  expect(zones.find('xcampus.edu.')?.origin).toBe('edu.');
  expect(zones.find('com.')?.origin).toBe('.');
  zones.delete('.');
  expect(zones.find('com.')).toBeUndefined();
});

describe('checkZone', () => {
  const soa = '$TTL 1\n@ SOA a b 1 2 3 4 5\n@ NS ns\n@ NS ns2.far.\nns A 127.0.0.1\n';
  test.each<[string, string, string]>([
    ['nothing in a good zone', soa, ''],
    ['a missing SOA', '$TTL 1\n@ NS ns.far.\n@ NS b.far.', 'error: the zone has no SOA record'],
    [
      'missing glue',
      `${soa}sub NS ns.sub`,
      'error: NS names ns.sub.example., which has no address',
    ],
    ['CNAME and other data', `${soa}a A 127.0.0.1\na CNAME b`, 'error: CNAME and other data'],
    ['two CNAMEs', `${soa}a CNAME c\na CNAME b`, 'error: two CNAMEs'],
    ['an alias as NS target', `${soa}x NS y\ny CNAME z`, 'error: NS names y.example., which is an'],
    ['an MX without an address', `${soa}@ MX 1 y`, 'warning: MX names y.example., which has no'],
    ['a name outside', `${soa}y.far. A 127.0.0.1`, 'error: A is outside of the zone example.'],
    [
      'a lonely server',
      '$TTL 1\n@ SOA a b 1 2 3 4 5\n@ NS n.far.',
      'warning: only one name server',
    ],
  ])('finds %s', (_, text, expected) => {
    const problems = checkZone(origin, parseZoneFile(text, { origin }));
    const found = problems.map((problem) => `${problem.severity}: ${problem.message}`).join('\n');
    expect(found.startsWith(expected)).toBe(true);
    expect(found === '').toBe(expected === '');
  });
});
