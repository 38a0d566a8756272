import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyMessage } from '../../test/fuzz/dns-arbitraries.ts';
import type { Field } from '../trace/index.ts';
import { dnsDissector } from './dissect.ts';
import { edns, message, question } from './message.ts';
import type { Message, ResourceRecord } from './types.ts';
import { encodeMessage, frame } from './wire/index.ts';

const owner = { class: 'IN', ttl: 300 } as const;
const a: ResourceRecord = { ...owner, name: 'web.campus.edu.', type: 'A', address: '127.20.3.80' };
const alias: ResourceRecord = {
  ...owner,
  name: 'www.campus.edu.',
  type: 'CNAME',
  target: 'web.campus.edu.',
};
const asked = { questions: [question('www.campus.edu.', 'A')] };
const replied = { ...asked, response: true };

function read(parts: Partial<Message>) {
  return dnsDissector.datagram?.(encodeMessage(message(parts)));
}

function flat(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => [field, ...flat(field.children ?? [])]);
}

describe('the summary', () => {
  test.each<[Partial<Message>, string]>([
    [asked, 'A? www.campus.edu'],
    [
      { ...replied, questions: [question('web.campus.edu.', 'A')], answers: [a] },
      'A 127.20.3.80, for 300 s',
    ],
    [
      { ...replied, answers: [alias, a] },
      'www.campus.edu is web.campus.edu; A 127.20.3.80, for 300 s',
    ],
    [{ ...replied, answers: [alias] }, 'www.campus.edu is web.campus.edu, no A beside'],
    [
      { ...replied, authorities: [{ ...owner, name: 'edu.', type: 'NS', target: 'a.edu.' }] },
      'edu: ask a.edu',
    ],
    [{ ...replied, rcode: 'NXDOMAIN' }, 'NXDOMAIN www.campus.edu'],
    [replied, 'no A for www.campus.edu'],
    [{ ...replied, truncated: true }, 'truncated: ask for www.campus.edu on TCP'],
    [{ ...asked, opcode: 'NOTIFY' }, 'NOTIFY www.campus.edu A'],
  ])('of a message %#', (parts, expected) => {
    expect(read(parts)?.summary).toBe(expected);
  });

  test('says what is wrong with bytes that are none', () => {
    const found = dnsDissector.datagram?.(new Uint8Array(5));
    expect(found).toMatchObject({ malformed: true, role: 'other', length: 5 });
    expect(found?.summary).toMatch(/^not DNS: the message ends within the header \(RFC 1035/);
    expect(found?.fields()).toHaveLength(1);
  });
});

describe('the field tree', () => {
  test('goes down to flags, labels, pointers and elements of RDATA', () => {
    const mx: ResourceRecord = {
      ...owner,
      name: 'campus.edu.',
      type: 'MX',
      preference: 10,
      exchange: 'mail.campus.edu.',
    };
    const questions = [question('campus.edu.', 'MX')];
    const found = read({ ...replied, id: 9, questions, answers: [mx], edns: edns(1232, true) });
    const byName = (name: string) =>
      flat(found?.fields() ?? [])
        .filter((field) => field.name === name)
        .map(({ value, start, end }) => `${value} ${start}-${end}`);
    expect(byName('ID')).toEqual(['9 0-2']);
    expect(byName('QR')).toEqual(['1 (response) 2-3']);
    expect(byName('RCODE')).toEqual(['NOERROR 3-4']);
    expect(byName('Label')).toEqual(['campus 12-19', 'edu 19-23', 'mail 42-47']);
    expect(byName('Pointer')).toEqual([
      'to byte 12: campus.edu 28-30',
      'to byte 12: campus.edu 47-49',
    ]);
    expect(byName('preference')).toEqual(['10 40-42']);
    expect(byName('exchange')).toEqual(['mail.campus.edu 42-49']);
    expect(byName('UDP payload size')).toEqual(['1232 52-54']);
    expect(byName('DO')).toEqual(['1 (DNSSEC records welcome) 56-57']);
    expect(flat(found?.fields() ?? []).every((field) => field.spec !== undefined)).toBe(true);
  });

  test('covers every byte of any message, in order, within its parents', () => {
    fc.assert(
      fc.property(anyMessage, (sent) => {
        const bytes = encodeMessage(sent);
        const fields = dnsDissector.datagram?.(bytes).fields() ?? [];
        let at = 0;
        for (const field of fields) {
          expect(field.start).toBe(at);
          at = field.end;
        }
        expect(at).toBe(bytes.length);
        for (const field of flat(fields)) {
          for (const child of field.children ?? []) {
            expect(child.start).toBeGreaterThanOrEqual(field.start);
            expect(child.end).toBeLessThanOrEqual(field.end);
          }
        }
      }),
      { seed: 10, numRuns: 300 },
    );
  });

  test('of noise is built without an exception', () => {
    const mutated = fc.tuple(anyMessage, fc.nat(), fc.nat(255)).map(([sent, at, value]) => {
      const bytes = encodeMessage(sent);
      bytes[at % bytes.length] = value;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 60 })), (bytes) => {
        const found = dnsDissector.datagram?.(bytes);
        const last = found?.fields().at(-1)?.name === 'Malformed';
        expect(found?.length).toBe(bytes.length);
        if (last) expect(found?.malformed).toBe(true);
      }),
      { seed: 11, numRuns: 1000 },
    );
  });
});

describe('a stream', () => {
  test('is read the same whole and byte by byte', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { minLength: 1, maxLength: 3 }), (sent) => {
        const bytes = Uint8Array.from(sent.flatMap((one) => [...frame(encodeMessage(one))]));
        const whole = dnsDissector.stream?.().push('client', bytes) ?? [];
        const slow = dnsDissector.stream?.();
        const parts = [...bytes].flatMap((byte) => slow?.push('client', Uint8Array.of(byte)) ?? []);
        expect(parts.map(({ summary }) => summary)).toEqual(whole.map(({ summary }) => summary));
        expect(parts.map((one) => one.fields())).toEqual(whole.map((one) => one.fields()));
        expect(whole.reduce((sum, { length }) => sum + length, 0)).toBe(bytes.length);
      }),
      { seed: 12, numRuns: 50 },
    );
  });

  test('gives messages with their length, and pairs replies by id and question', () => {
    const stream = dnsDissector.stream?.();
    const query = frame(encodeMessage(message({ ...asked, id: 5 })));
    const [first] = stream?.push('client', query) ?? [];
    expect(first).toMatchObject({ length: query.length, role: 'request' });
    expect(first?.fields()[0]).toMatchObject({ name: 'Length', start: 0, end: 2 });
    expect(first?.fields()[1]).toMatchObject({ name: 'Header', start: 2, end: 14 });
    const answer = frame(encodeMessage(message({ ...replied, id: 5 })));
    expect(stream?.push('server', answer.subarray(0, 9))).toEqual([]);
    const [second] = stream?.push('server', answer.subarray(9)) ?? [];
    expect(second?.key).toBe(first?.key);
    stream?.push('client', query.subarray(0, 7));
    expect(stream?.end('client')).toMatchObject([{ malformed: true, length: 7 }]);
    expect(stream?.end('server')).toEqual([]);
  });
});
