/** Messages at random, for properties. */
import fc from 'fast-check';
import { ipv6Text } from '../../src/dns/address.ts';
import { types } from '../../src/dns/codes.ts';
import { labelChar, MAX_NAME, wireLength } from '../../src/dns/name.ts';
import type { Edns, Message, Question, ResourceRecord } from '../../src/dns/types.ts';
import { fromLatin1 } from '../../src/lib/bytes.ts';

const label: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('www', 'WWW', 'mail', 'campus', 'edu', 'a', '*'),
  fc
    .uint8Array({ minLength: 1, maxLength: 63 })
    .map((bytes) => Array.from(bytes, labelChar).join('')),
);

export const anyName: fc.Arbitrary<string> = fc
  .array(label, { maxLength: 6 })
  .map((labels) => (labels.length === 0 ? '.' : `${labels.join('.')}.`))
  .filter((name) => wireLength(name) <= MAX_NAME);

const u16 = fc.nat(65535);
const u32 = fc.nat(0xffff_ffff);
const recordClass = fc.constantFrom('IN', 'CH', 'CLASS4711', 'NONE') as fc.Arbitrary<'IN'>;
const owner = { name: anyName, class: recordClass, ttl: fc.nat(0x7fff_ffff) };
const text = fc.uint8Array({ maxLength: 255 }).map((bytes) => fromLatin1(bytes));

const u8 = fc.nat(255);
const bytes = fc.uint8Array({ maxLength: 40 });
const bitmap = fc
  .uniqueArray(fc.constantFrom(1, 2, 6, 28, 46, 257, 1234, 65_535), { maxLength: 5 })
  .map((numbers) => numbers.sort((a, b) => a - b).map((number) => types.name(number) as 'A'));
const svcParams = fc
  .uniqueArray(
    fc.oneof(
      fc.record({ key: fc.nat(8), value: fc.uint8Array({ maxLength: 34 }) }),
      fc.constantFrom(
        { key: 1, value: Uint8Array.of(2, 0x68, 0x32, 2, 0x68, 0x33) },
        { key: 4, value: Uint8Array.of(127, 0, 0, 1, 127, 0, 0, 2) },
      ),
    ),
    { maxLength: 4, selector: ({ key }) => key },
  )
  .map((params) => params.sort((a, b) => a.key - b.key));

export const anyRecord: fc.Arbitrary<ResourceRecord> = fc.oneof(
  fc.record({ ...owner, type: fc.constant('A' as const), address: fc.ipV4() }),
  fc.record({
    ...owner,
    type: fc.constant('AAAA' as const),
    address: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => ipv6Text(bytes)),
  }),
  fc.record({ ...owner, type: fc.constant('NS' as const), target: anyName }),
  fc.record({ ...owner, type: fc.constant('CNAME' as const), target: anyName }),
  fc.record({ ...owner, type: fc.constant('PTR' as const), target: anyName }),
  fc.record({ ...owner, type: fc.constant('MX' as const), preference: u16, exchange: anyName }),
  fc.record({
    ...owner,
    type: fc.constant('TXT' as const),
    strings: fc.array(text, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    ...owner,
    type: fc.constant('SOA' as const),
    primary: anyName,
    mailbox: anyName,
    serial: u32,
    refresh: u32,
    retry: u32,
    expire: u32,
    minimum: u32,
  }),
  fc.record({
    ...owner,
    type: fc.constant('SRV' as const),
    priority: u16,
    weight: u16,
    port: u16,
    target: anyName,
  }),
  fc.record({
    ...owner,
    type: fc.constant('CAA' as const),
    flags: u8,
    tag: fc.stringMatching(/^[a-z0-9]{1,20}$/),
    value: text,
  }),
  fc.record({
    ...owner,
    type: fc.constant('NAPTR' as const),
    order: u16,
    preference: u16,
    flags: text,
    services: text,
    regexp: text,
    replacement: anyName,
  }),
  fc.record({
    ...owner,
    type: fc.constantFrom('SVCB' as const, 'HTTPS' as const) as fc.Arbitrary<'SVCB'>,
    priority: u16,
    target: anyName,
    params: svcParams,
  }),
  fc.record({ ...owner, type: fc.constant('DNAME' as const), target: anyName }),
  fc.record({
    ...owner,
    type: fc.constant('DS' as const),
    keyTag: u16,
    algorithm: u8,
    digestType: u8,
    digest: bytes,
  }),
  fc.record({
    ...owner,
    type: fc.constant('DNSKEY' as const),
    flags: u16,
    protocol: u8,
    algorithm: u8,
    key: bytes,
  }),
  fc.record({
    ...owner,
    type: fc.constant('RRSIG' as const),
    covered: fc.constantFrom('A' as const, 'TYPE4711' as const),
    algorithm: u8,
    labels: u8,
    originalTtl: u32,
    expiration: u32,
    inception: u32,
    keyTag: u16,
    signer: anyName,
    signature: bytes,
  }),
  fc.record({ ...owner, type: fc.constant('NSEC' as const), next: anyName, types: bitmap }),
  fc.record({
    ...owner,
    type: fc.constant('NSEC3' as const),
    algorithm: u8,
    flags: u8,
    iterations: u16,
    salt: bytes,
    next: bytes,
    types: bitmap,
  }),
  fc.record({
    ...owner,
    type: fc.constant('NSEC3PARAM' as const),
    algorithm: u8,
    flags: u8,
    iterations: u16,
    salt: bytes,
  }),
  fc.record({
    ...owner,
    type: fc.constant('TLSA' as const),
    usage: u8,
    selector: u8,
    matching: u8,
    certificate: bytes,
  }),
  fc.record({ ...owner, type: fc.constant('HINFO' as const), cpu: text, os: text }),
  fc.record({ ...owner, type: fc.constant('RP' as const), mailbox: anyName, text: anyName }),
  fc.record({
    ...owner,
    type: fc.constant('SSHFP' as const),
    algorithm: u8,
    fingerprintType: u8,
    fingerprint: bytes,
  }),
  fc.record({
    ...owner,
    type: fc.constantFrom('TYPE4711' as const, 'TYPE99' as const),
    data: fc.uint8Array({ maxLength: 40 }),
  }),
);

export const anyQuestion: fc.Arbitrary<Question> = fc.record({
  name: anyName,
  type: fc.constantFrom('A' as const, 'ANY' as const, 'AXFR' as const, 'TYPE4711' as const),
  class: recordClass,
});

const anyEdns: fc.Arbitrary<Edns> = fc.record({
  version: fc.nat(255),
  udpSize: u16,
  dnssecOk: fc.boolean(),
  options: fc.array(fc.record({ code: u16, data: fc.uint8Array({ maxLength: 20 }) }), {
    maxLength: 2,
  }),
});

const records = fc.array(anyRecord, { maxLength: 4 });
const flag = fc.boolean();

export const anyMessage: fc.Arbitrary<Message> = fc.record(
  {
    id: u16,
    response: flag,
    opcode: fc.constantFrom('QUERY' as const, 'NOTIFY' as const, 'OPCODE9' as const),
    authoritative: flag,
    truncated: flag,
    recursionDesired: flag,
    recursionAvailable: flag,
    authenticData: flag,
    checkingDisabled: flag,
    rcode: fc.constantFrom('NOERROR' as const, 'NXDOMAIN' as const, 'RCODE15' as const),
    questions: fc.array(anyQuestion, { maxLength: 2 }),
    answers: records,
    authorities: records,
    additionals: records,
    edns: anyEdns,
  },
  {
    noNullPrototype: true,
    requiredKeys: [
      'id',
      'response',
      'opcode',
      'authoritative',
      'truncated',
      'recursionDesired',
      'recursionAvailable',
      'authenticData',
      'checkingDisabled',
      'rcode',
      'questions',
      'answers',
      'authorities',
      'additionals',
    ],
  },
);
