import { describe, expect, test } from 'vitest';
import { edns, message, question } from '../message.ts';
import { extendedErrors } from '../options.ts';
import { responder } from '../responder.ts';
import { MemoryZone, MemoryZones } from '../store/memory-zone.ts';
import { UnavailableZone } from '../store/unavailable-zone.ts';
import { checkZone } from '../store/zone-check.ts';
import { parseZoneFile } from '../store/zone-file.ts';
import type { Message, QueryType } from '../types.ts';
import { decodeMessage, encodeMessage, formatRdata } from '../wire/index.ts';
import { authoritative } from './authoritative.ts';
import { chain } from './chain.ts';

const EDU = `$TTL 300
@ SOA ns admin 1 3600 900 604800 60
@ NS ns
ns A 10.0.0.1
campus NS ns.campus
campus DS 60485 8 2 AABB
ns.campus A 10.0.0.2
plain NS ns.campus
old DNAME new
new A 10.0.0.9
www.new A 10.0.0.3
hidden.old A 10.0.0.4
out DNAME far.org.
long DNAME ${`${'x'.repeat(60)}.`.repeat(3)}edu.
_sip._tcp SRV 0 5 5060 sip
sip A 10.0.0.5
sip AAAA ::5
web HTTPS 1 sip alpn=h2
`;
const CAMPUS = '@ 300 SOA ns admin 1 3600 900 604800 60\n@ NS ns\nns A 10.0.0.2\n';

const zone = (origin: string, text: string) =>
  new MemoryZone(origin, parseZoneFile(text, { origin }));
const zones = new MemoryZones([
  zone('edu.', EDU),
  zone('campus.edu.', CAMPUS),
  new UnavailableZone('gone.edu.', 'the copy of the zone has expired'),
]);
const handler = chain(authoritative(zones));
const from = { address: '10.0.0.100', port: 9 };
const local = { address: '10.0.0.1', port: 53 };

function ask(name: string, type: QueryType, parts: Partial<Message> = {}): Message {
  const query = message({ questions: [question(name, type)], edns: edns(1232), ...parts });
  const made = responder(handler)(encodeMessage(query), { from, local, transport: 'udp' });
  return decodeMessage(made as Uint8Array);
}

function told({ rcode, answers, authorities, additionals }: Message): string[] {
  const lines = [...answers, ...authorities, ...additionals].map(
    (record) => `${record.name} ${record.type} ${formatRdata(record)}`,
  );
  return [rcode, ...lines];
}

describe('DNAME (RFC 6672)', () => {
  const dname = 'old.edu. DNAME new.edu.';

  test('gives the CNAME that it amounts to, and what is there', () => {
    expect(told(ask('www.old.edu.', 'A'))).toEqual([
      'NOERROR',
      dname,
      'www.old.edu. CNAME www.new.edu.',
      'www.new.edu. A 10.0.0.3',
    ]);
  });

  test('hides what stands below it, and not what stands at it', () => {
    expect(told(ask('hidden.old.edu.', 'A'))[2]).toBe('hidden.old.edu. CNAME hidden.new.edu.');
    expect(told(ask('old.edu.', 'DNAME'))).toEqual(['NOERROR', dname]);
    expect(told(ask('old.edu.', 'A'))[1]).toMatch(/^edu\. SOA/);
  });

  test('leads out of the zone, and to a name that does not exist', () => {
    expect(told(ask('a.b.out.edu.', 'A'))[2]).toBe('a.b.out.edu. CNAME a.b.far.org.');
    expect(told(ask('no.old.edu.', 'A'))[0]).toBe('NXDOMAIN');
  });

  test('is YXDOMAIN where the name would be too long', () => {
    const name = `${'y'.repeat(60)}.${'z'.repeat(60)}.long.edu.`;
    expect(ask(name, 'A').rcode).toBe('YXDOMAIN');
  });

  test('with data below it is an error of the zone', () => {
    const problems = checkZone('edu.', parseZoneFile(EDU, { origin: 'edu.' }));
    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      { name: 'hidden.old.edu.', spec: 'RFC 6672 §2.4' },
    ]);
  });
});

describe('DS (RFC 4035 §3.1.4.1)', () => {
  test('is answered by the parent, at the cut', () => {
    const parent = ask('campus.edu.', 'DS');
    expect(told(parent)).toEqual(['NOERROR', 'campus.edu. DS 60485 8 2 AABB']);
    expect(parent.authoritative).toBe(true);
    expect(told(ask('plain.edu.', 'DS'))[1]).toMatch(/^edu\. SOA/);
    expect(told(ask('x.plain.edu.', 'DS'))[1]).toBe('plain.edu. NS ns.campus.edu.');
  });
});

test('SRV and HTTPS bring the addresses of their targets', () => {
  const service = ask('_sip._tcp.edu.', 'SRV').additionals.map(formatRdata);
  expect(service).toEqual(['10.0.0.5', '::5']);
  expect(ask('web.edu.', 'HTTPS').additionals).toHaveLength(2);
});

describe('extended errors (RFC 8914)', () => {
  test.each([
    ['far.org.', 'REFUSED', [{ code: 20, text: '' }]],
    ['www.gone.edu.', 'SERVFAIL', [{ code: 14, text: 'the copy of the zone has expired' }]],
  ])('%s is %s', (name, rcode, errors) => {
    const reply = ask(name, 'A');
    expect(reply.rcode).toBe(rcode);
    expect(extendedErrors(reply.edns)).toEqual(errors);
  });

  test('are not sent to who knows no EDNS', () => {
    const query = message({ questions: [question('far.org.', 'A')] });
    const made = responder(handler)(encodeMessage(query), { from, local, transport: 'udp' });
    expect(decodeMessage(made as Uint8Array).edns).toBeUndefined();
  });
});

test('a class that no zone has is refused', () => {
  expect(ask('edu.', 'SOA', { questions: [question('edu.', 'SOA', 'CH')] }).rcode).toBe('REFUSED');
});
