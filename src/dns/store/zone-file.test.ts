import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyRecord } from '../../../test/fuzz/dns-arbitraries.ts';
import { utf8 } from '../../lib/bytes.ts';
import { World } from '../../net/sim/index.ts';
import { formatRdata } from '../wire/index.ts';
import { parseZoneFile, readZoneFile } from './zone-file.ts';
import { writeZoneFile } from './zone-writer.ts';

const origin = 'campus.edu.';
const lines = (text: string): string[] =>
  parseZoneFile(text, { origin, file: 'campus.zone' }).map(
    (record) =>
      `${record.name} ${record.ttl} ${record.class} ${record.type} ${formatRdata(record)}`,
  );

describe('parseZoneFile', () => {
  test('reads the whole grammar', () => {
    const text = `$TTL 1h30m
@ IN SOA ns admin ( 1 ; serial
      2h 15m
      1w 300 )
      NS ns            ; the owner before
      NS ns.other.org.
ns    A 127.0.0.53
www 60 IN A 127.0.0.80
    IN 60 A 127.0.0.81
mail.campus.edu. MX 10 mail
@ TXT "v=spf1; (all)" plain "a \\"quote\\" \\065" ""
$ORIGIN lab.campus.edu.
@ A 127.0.0.1
a\\.b A 127.0.0.2
x TYPE4711 \\# 4 7f00 0001
y A \\# 4 7f000003
z AAAA ::ffff:127.0.0.1`;
    expect(lines(text)).toEqual([
      'campus.edu. 5400 IN SOA ns.campus.edu. admin.campus.edu. 1 7200 900 604800 300',
      'campus.edu. 5400 IN NS ns.campus.edu.',
      'campus.edu. 5400 IN NS ns.other.org.',
      'ns.campus.edu. 5400 IN A 127.0.0.53',
      'www.campus.edu. 60 IN A 127.0.0.80',
      'www.campus.edu. 60 IN A 127.0.0.81',
      'mail.campus.edu. 5400 IN MX 10 mail.campus.edu.',
      'campus.edu. 5400 IN TXT "v=spf1; (all)" "plain" "a \\"quote\\" A" ""',
      'lab.campus.edu. 5400 IN A 127.0.0.1',
      'a\\.b.lab.campus.edu. 5400 IN A 127.0.0.2',
      'x.lab.campus.edu. 5400 IN TYPE4711 \\# 4 7F000001',
      'y.lab.campus.edu. 5400 IN A 127.0.0.3',
      'z.lab.campus.edu. 5400 IN AAAA ::ffff:7f00:1',
    ]);
  });

  test('takes the TTL of the record before where there is no $TTL, and the MINIMUM for an SOA', () => {
    expect(lines('a 60 A 127.0.0.1\nb A 127.0.0.2')).toEqual([
      'a.campus.edu. 60 IN A 127.0.0.1',
      'b.campus.edu. 60 IN A 127.0.0.2',
    ]);
    expect(lines('@ SOA a b 1 2 3 4 77\nb A 127.0.0.2')[1]).toBe('b.campus.edu. 77 IN A 127.0.0.2');
  });

  test('expands $GENERATE', () => {
    expect(lines(`$TTL 1\n$GENERATE 1-5/2 h-\${0,3} A 10.0.0.$`)).toEqual([
      'h-001.campus.edu. 1 IN A 10.0.0.1',
      'h-003.campus.edu. 1 IN A 10.0.0.3',
      'h-005.campus.edu. 1 IN A 10.0.0.5',
    ]);
    expect(lines(`$TTL 1\n$GENERATE 10-10 x\${5,0,x} CNAME y$`)[0]).toBe(
      'xf.campus.edu. 1 IN CNAME y10.campus.edu.',
    );
  });

  test('reads $INCLUDE with an origin of its own', () => {
    const files: Record<string, string> = { sub: 'a A 127.0.0.1\n$ORIGIN far.\nb A 127.0.0.2' };
    const text = '$TTL 1\n@ A 127.0.0.9\n$INCLUDE sub lab\n\tA 127.0.0.8\nc A 127.0.0.3';
    const records = parseZoneFile(text, { origin, include: (file) => files[file] ?? '' });
    expect(records.map((record) => record.name)).toEqual([
      'campus.edu.',
      'a.lab.campus.edu.',
      'b.far.',
      'campus.edu.',
      'c.campus.edu.',
    ]);
  });

  test('a file that includes itself comes to an end', () => {
    const text = '$INCLUDE me';
    expect(() => parseZoneFile(text, { origin, include: () => text })).toThrow(/8 deep/);
  });

  test.each([
    ['www A 127.0.0.256', '1:7: expected an IPv4 address, found 127.0.0.256'],
    ['\n\n  A 127.0.0.1', '3:3: the first record has no name before it'],
    ['www', '1:1: expected a type such as A, NS or MX, found the end of the entry'],
    ['www IN BOGUS 1', '1:8: expected a TTL, a class or a type, found BOGUS'],
    ['www A 127.0.0.1', '1:7: this record has no TTL: write one, or $TTL at the top of the file'],
    ['www 1 A 127.0.0.1 x', '1:19: expected the end of the entry, found x'],
    ['www 1 MX mail', '1:10: expected a number from 0 to 65535, found mail'],
    ['www 1 MX 10', '1:10: expected a name, found the end of the entry'],
    ['www 1 TXT "open', '1:11: this quoted string is never closed on its line'],
    ['@ 1 SOA ( a b', '1:9: this ( is never closed'],
    ['www 1 A 127.0.0.1 )', '1:19: a ) without its ('],
    ['a..b 1 A 127.0.0.1', '1:1: an empty label in the name a..b'],
    [`${'a'.repeat(64)} 1 A 127.0.0.1`, '1:1: a label of more than 63 octets in the name'],
    ['$FOO', '1:1: expected $ORIGIN, $TTL, $INCLUDE or $GENERATE, found $FOO'],
    ['$TTL 1x', '1:6: expected a time such as 3600 or 1h, found 1x'],
    ['$INCLUDE x', '1:1: $INCLUDE is not possible here: no files are at hand'],
    ['$GENERATE 5-1 a A 127.0.0.1', '1:11: expected a range such as 1-254, found 5-1'],
    ['x 1 TYPE9 \\# 3 00', '1:16: expected 3 bytes in hexadecimal after \\#, found 00'],
    ['x 1 TYPE9 abc', '1:5: expected \\# and a length'],
  ])('says what is wrong in %j', (text, problem) => {
    expect(() => lines(text)).toThrow(`campus.zone:${problem}`);
  });
});

test('readZoneFile takes $INCLUDE from the directory of the file', async () => {
  const { disk } = new World({ seed: 1 }).host('primary');
  await disk.makeDirectory('/zones');
  await disk.write('/zones/campus', utf8('$TTL 1\n@ A 127.0.0.1\n$INCLUDE hosts\n'));
  await disk.write('/zones/hosts', utf8('www A 127.0.0.2\nbad A nothing\n'));
  const read = readZoneFile(disk, '/zones/campus', origin);
  await expect(read).rejects.toThrow('hosts:2:7: expected an IPv4 address, found nothing');
  await disk.write('/zones/hosts', utf8('www A 127.0.0.2\n'));
  expect(await readZoneFile(disk, '/zones/campus', origin)).toHaveLength(2);
});

test('what writeZoneFile writes, parseZoneFile reads back', () => {
  fc.assert(
    fc.property(fc.array(anyRecord, { maxLength: 5 }), (records) => {
      const sane = records.filter(
        (record) => record.class !== 'NONE' && (record.type !== 'SOA' || record.minimum < 2 ** 31),
      );
      const inRange = sane.filter(
        (record) =>
          record.type !== 'SOA' ||
          Math.max(record.refresh, record.retry, record.expire) < 0x8000_0000,
      );
      expect(parseZoneFile(writeZoneFile(origin, inRange), { origin })).toEqual(inRange);
    }),
    { seed: 1035, numRuns: 500 },
  );
});
