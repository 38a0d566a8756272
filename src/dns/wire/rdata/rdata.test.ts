import { describe, expect, test } from 'vitest';
import { fromHex, hex } from '../../../lib/bytes.ts';
import { ProtocolError } from '../../../lib/errors.ts';
import { parseZoneFile } from '../../store/zone-file.ts';
import type { ResourceRecord } from '../../types.ts';
import { Reader } from '../reader.ts';
import { Writer } from '../writer.ts';
import { decodeRdata } from './codec.ts';
import { codecOf, formatRdata } from './index.ts';

function read(text: string): ResourceRecord {
  const [record] = parseZoneFile(`a 60 ${text}`, { origin: 'example.com.' });
  return record as ResourceRecord;
}

function wire(record: ResourceRecord): string {
  const writer = new Writer();
  codecOf(record.type)?.encode(record, writer);
  return hex(writer.result());
}

describe('text to bytes and back', () => {
  test.each([
    [
      'SRV 0 5 5060 sip',
      '0 5 5060 sip.example.com.',
      '0000000513c403736970076578616d706c6503636f6d00',
    ],
    [
      'CAA 128 issue "ca.net; a=b"',
      '128 issue "ca.net; a=b"',
      '8005697373756563612e6e65743b20613d62',
    ],
    // RFC 3403 §6.2, shortened.
    [
      'NAPTR 100 50 "s" "z3950" "" _z.tcp.edu.',
      '100 50 "s" "z3950" "" _z.tcp.edu.',
      '006400320173057a3339353000025f7a037463700365647500',
    ],
    ['DNAME new.', 'new.', '036e657700'],
    // RFC 4034 §5.4.
    [
      'DS 60485 RSASHA1 1 ( 2BB183AF5F22588179A53B0A 98631FAD1A292118 )',
      '60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118',
      'ec4505012bb183af5f22588179a53b0a98631fad1a292118',
    ],
    ['DNSKEY 257 3 13 mdss wtr3', '257 3 13 mdsswtr3', '0101030d99db2cc2daf7'],
    [
      'RRSIG A 5 3 86400 20030322173103 20030220173103 2642 com. oJB1',
      'A 5 3 86400 20030322173103 20030220173103 2642 com. oJB1',
      '00010503000151803e7c9dd73e5510d70a5203636f6d00a09075',
    ],
    // RFC 4034 §4.3: the map of types.
    [
      'NSEC host. A MX RRSIG NSEC TYPE1234',
      'host. A MX RRSIG NSEC TYPE1234',
      `04686f737400 0006400100000003 041b${'00'.repeat(26)}20`.replaceAll(' ', ''),
    ],
    [
      'NSEC3 1 1 12 aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr MX NS',
      '1 1 12 AABBCCDD 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR NS MX',
      '0101000c04aabbccdd14174eb2409fe28bcb4887a1836f957f0a8425e27b00022001',
    ],
    ['NSEC3PARAM 1 0 0 -', '1 0 0 -', '0100000000'],
    ['TLSA 3 1 1 d2ab', '3 1 1 D2AB', '030101d2ab'],
    ['HINFO VAX "UNIX V"', '"VAX" "UNIX V"', '0356415806554e49582056'],
    ['RP admin.a. .', 'admin.a. .', '0561646d696e016100 00'.replace(' ', '')],
    ['SSHFP 4 2 123456', '4 2 123456', '0402123456'],
    ['SVCB 0 foo.', '0 foo.', '000003666f6f00'],
    [
      'HTTPS 1 . alpn=h2,h3 mandatory=alpn ipv4hint=127.0.0.1 key667="hi\\210"',
      '1 . mandatory=alpn alpn="h2,h3" ipv4hint=127.0.0.1 key667="hi\\210"',
      '000100 000000020001 000100060268 32026833 000400047f000001 029b00036869d2'.replaceAll(
        ' ',
        '',
      ),
    ],
    [
      'SVCB 16 foo. port=53 no-default-alpn ech="YWJj" ipv6hint=2001:db8::1,::',
      '16 foo. no-default-alpn port=53 ech=YWJj ipv6hint=2001:db8::1,::',
      `001003666f6f00 00020000 000300020035 00050003616263 00060020 20010db8${'00'.repeat(11)}01 ${'00'.repeat(16)}`.replaceAll(
        ' ',
        '',
      ),
    ],
  ])('%s', (text, shown, bytes) => {
    const record = read(text);
    expect(formatRdata(record)).toBe(shown);
    expect(wire(record)).toBe(bytes);
    const data = fromHex(bytes) as Uint8Array;
    const { name, class: recordClass, ttl, type } = record;
    const codec = codecOf(type) as NonNullable<ReturnType<typeof codecOf>>;
    const owner = { name, class: recordClass, ttl };
    expect(decodeRdata(codec, owner, new Reader(data), data.length)).toEqual(record);
  });

  test.each([
    ['CAA 0 is-sue "x"', 'a tag is letters and digits'],
    ['DS 1 XYZ 1 00', 'expected an algorithm'],
    ['NSEC a. NOTYPE', 'expected a type'],
    ['NSEC3PARAM 1 0 0 xy', 'expected a salt'],
    ['SVCB 1 . alpn=h2 alpn=h3', 'is given twice'],
    ['SVCB 1 . port=70000', 'is no value of port'],
    ['SVCB 1 . colour=red', 'no parameter of a service'],
    ['RRSIG A 5 3 1 9 x 1 a. AA==', 'expected a time'],
  ])('refuses %s', (text, problem) => {
    expect(() => read(text)).toThrow(problem);
  });

  test.each([
    ['NSEC', '00 01 01 40 00 01 40', 'DNS_BAD_BITMAP'],
    ['NSEC', '00 00 00', 'DNS_BAD_BITMAP'],
    ['NSEC', '00 00 02 40 00', 'DNS_BAD_BITMAP'],
    ['NSEC', '00 00 09 40', 'DNS_BAD_RDLENGTH'],
    ['NSEC3PARAM', '01 00 0000 05 aa', 'DNS_BAD_RDLENGTH'],
    ['SVCB', '0001 00 0003 0000 0001 0000', 'DNS_BAD_SVCPARAM'],
    ['SVCB', '0001 00 0003 0009 00', 'DNS_BAD_SVCPARAM'],
    ['CAA', '00 01 2d', 'DNS_BAD_TAG'],
    ['HINFO', '05 61', 'DNS_BAD_STRING'],
    ['DS', '0001 01', 'DNS_SHORT_MESSAGE'],
  ])('%s of %s is %s', (type, text, code) => {
    const data = fromHex(text) as Uint8Array;
    const codec = codecOf(type) as NonNullable<ReturnType<typeof codecOf>>;
    const owner = { name: 'a.', class: 'IN', ttl: 1 } as const;
    let found: unknown;
    try {
      decodeRdata(codec, owner, new Reader(data), data.length);
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(ProtocolError);
    expect(found).toMatchObject({ code });
  });
});
