import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyMessage } from '../../../test/fuzz/dns-arbitraries.ts';
import { fromHex, hex } from '../../lib/bytes.ts';
import { ProtocolError } from '../../lib/errors.ts';
import { message, question } from '../message.ts';
import type { Message, ResourceRecord } from '../types.ts';
import { decodeMessage, encodeMessage, frame, Unframer } from './index.ts';

const bytes = (text: string): Uint8Array => fromHex(text) as Uint8Array;
const HEADER = '1234 0100 0001 0000 0000 0000';
const A_IN = '0001 0001';

describe('decodeMessage', () => {
  test('reads a query', () => {
    const read = decodeMessage(bytes(`${HEADER} 03777777 06 63616d707573 03656475 00 ${A_IN}`));
    expect(read).toEqual(
      message({
        id: 0x1234,
        recursionDesired: true,
        questions: [question('www.campus.edu.', 'A')],
      }),
    );
  });

  test('follows pointers to earlier names', () => {
    const text = `1234 8400 0001 0002 0000 0000 03777777 03656475 00 ${A_IN}
      c00c 0005 0001 0000012c 0004 0161 c010
      0161 c010 0001 0001 0000012c 0004 7f000001`;
    expect(decodeMessage(bytes(text)).answers).toEqual([
      { name: 'www.edu.', type: 'CNAME', class: 'IN', ttl: 300, target: 'a.edu.' },
      { name: 'a.edu.', type: 'A', class: 'IN', ttl: 300, address: '127.0.0.1' },
    ]);
  });

  test.each<[string, string, string, number]>([
    ['an empty message', '', 'DNS_SHORT_MESSAGE', 0],
    ['half a header', '1234 0100 0001', 'DNS_SHORT_MESSAGE', 6],
    ['counts that lie', `${HEADER}`, 'DNS_SHORT_MESSAGE', 12],
    ['a pointer to itself', `${HEADER} c00c ${A_IN}`, 'DNS_BAD_POINTER', 12],
    ['a pointer forward', `${HEADER} c010 ${A_IN} 00`, 'DNS_BAD_POINTER', 12],
    ['a pointer into the header', `${HEADER} c004 ${A_IN}`, 'DNS_BAD_POINTER', 12],
    ['a loop over labels', `${HEADER} 0161 c00c ${A_IN}`, 'DNS_BAD_POINTER', 14],
    ['a reserved label type', `${HEADER} 4161 00 ${A_IN}`, 'DNS_BAD_LABEL', 12],
    ['a label beyond the end', `${HEADER} 3f61`, 'DNS_SHORT_MESSAGE', 14],
    ['trailing bytes', `${HEADER} 00 ${A_IN} ff`, 'DNS_TRAILING_BYTES', 17],
    [
      'an address of five bytes',
      `1234 8000 0000 0001 0000 0000 00 ${A_IN} 00000000 0005 7f00000100`,
      'DNS_BAD_RDLENGTH',
      21,
    ],
    [
      'an address of three bytes',
      `1234 8000 0000 0001 0000 0000 00 ${A_IN} 00000000 0003 7f0000`,
      'DNS_SHORT_MESSAGE',
      26,
    ],
    [
      'a string longer than its RDATA',
      '1234 8000 0000 0001 0000 0000 00 0010 0001 00000000 0002 0561',
      'DNS_BAD_STRING',
      23,
    ],
    [
      'two OPT records',
      '1234 0000 0000 0000 0000 0002 00 0029 1000 00000000 0000 00 0029 1000 00000000 0000',
      'DNS_BAD_OPT',
      23,
    ],
    [
      'an EDNS option that is too long',
      '1234 0000 0000 0000 0000 0001 00 0029 1000 00000000 0005 000a 0009 00',
      'DNS_BAD_OPTION',
      23,
    ],
  ])('refuses %s', (_, text, code, offset) => {
    const read = () => decodeMessage(bytes(text));
    expect(read).toThrow(ProtocolError);
    expect(read).toThrow(expect.objectContaining({ code, offset, reply: 1 }));
  });

  test('refuses a name of more than 255 octets', () => {
    const label = `3f${'61'.repeat(63)}`;
    const read = () => decodeMessage(bytes(`${HEADER} ${label.repeat(4)} 00 ${A_IN}`));
    expect(read).toThrow(expect.objectContaining({ code: 'DNS_NAME_TOO_LONG' }));
  });

  test('a chain of pointers as long as a name can be', () => {
    const links = Array.from({ length: 120 }, (_, i) => {
      const to =
        i === 0 ? '00' : `c${(12 + (i === 1 ? 0 : 7 + 8 * (i - 2))).toString(16).padStart(3, '0')}`;
      return `0161${to}00010001`;
    });
    const read = decodeMessage(bytes(`0000 0000 0078 0000 0000 0000 ${links.join('')}`));
    expect(read.questions.map(({ name }) => name)).toEqual(
      Array.from({ length: 120 }, (_, i) => 'a.'.repeat(i + 1)),
    );
  });

  test('takes a TTL with the top bit set for zero', () => {
    const text = `1234 8000 0000 0001 0000 0000 00 ${A_IN} ffffffff 0004 7f000001`;
    expect(decodeMessage(bytes(text)).answers[0]?.ttl).toBe(0);
  });

  test('joins the two halves of the RCODE', () => {
    const text = '1234 8000 0000 0000 0000 0001 00 0029 04d0 01008000 0000';
    const read = decodeMessage(bytes(text));
    expect(read.rcode).toBe('BADVERS');
    expect(read.edns).toEqual({ version: 0, udpSize: 1232, dnssecOk: true, options: [] });
    expect(hex(encodeMessage(read))).toBe(hex(bytes(text)));
  });
});

describe('encodeMessage', () => {
  const record = (i: number): ResourceRecord => ({
    name: 'many.campus.edu.',
    type: i < 2 ? 'CNAME' : 'NS',
    class: 'IN',
    ttl: 60,
    target: `host-${i}.campus.edu.`,
  });

  test('gives back what was read, for any message', () => {
    fc.assert(
      fc.property(anyMessage, (sent) => {
        expect(decodeMessage(encodeMessage(sent))).toEqual(sent);
      }),
      { seed: 1035, numRuns: 1000 },
    );
  });

  test('does not compress names within unknown types', () => {
    const data = bytes('0363616d 00');
    const sent = message({
      response: true,
      answers: [{ name: 'cam.', type: 'TYPE4711', class: 'IN', ttl: 1, data }],
    });
    expect(decodeMessage(encodeMessage(sent)).answers).toEqual(sent.answers);
  });

  test('points only as far as 14 bits reach', () => {
    const answers = Array.from({ length: 1000 }, (_, i) => ({ ...record(9), name: `h${i}.edu.` }));
    const sent = message({ response: true, answers: [...answers, ...answers] });
    expect(decodeMessage(encodeMessage(sent))).toEqual(sent);
  });

  test('leaves out whole RRsets and sets TC', () => {
    const answers = Array.from({ length: 40 }, (_, i) => record(i));
    const sent = message({ response: true, authoritative: true, answers });
    const short = encodeMessage(sent, 512);
    expect(short.length).toBeLessThanOrEqual(512);
    const read = decodeMessage(short);
    expect(read.truncated).toBe(true);
    expect(read.answers).toEqual(answers.slice(0, 2));
    expect(decodeMessage(encodeMessage(sent)).truncated).toBe(false);
  });

  test('leaves out additional records without TC, unless they are the glue of a referral', () => {
    const additionals = Array.from(
      { length: 40 },
      (_, i): ResourceRecord => ({
        name: `ns${i}.campus.edu.`,
        type: 'A',
        class: 'IN',
        ttl: 60,
        address: '127.0.0.1',
      }),
    );
    const referral = message({ response: true, authorities: [record(2)], additionals });
    expect(decodeMessage(encodeMessage(referral, 512)).truncated).toBe(true);
    const answer = { ...referral, authoritative: true };
    const read = decodeMessage(encodeMessage(answer, 512));
    expect(read.truncated).toBe(false);
    expect(read.additionals.length).toBeLessThan(40);
  });

  test('keeps room for OPT when it truncates', () => {
    const answers = Array.from({ length: 40 }, (_, i) => record(i));
    const edns = { version: 0, udpSize: 1232, dnssecOk: false, options: [] };
    const short = encodeMessage(message({ response: true, answers, edns }), 512);
    expect(decodeMessage(short).edns).toEqual(edns);
  });
});

test('decodeMessage is total: noise gives a message or a ProtocolError', () => {
  const read = (noise: Uint8Array): Message | undefined => {
    try {
      return decodeMessage(noise);
    } catch (error) {
      expect(error).toBeInstanceOf(ProtocolError);
      return undefined;
    }
  };
  const mutated = fc.tuple(anyMessage, fc.nat(), fc.nat(255)).map(([sent, at, value]) => {
    const noise = encodeMessage(sent);
    noise[at % noise.length] = value;
    return noise;
  });
  const options = { seed: 7, numRuns: 2000 };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => void read(noise)),
    options,
  );
  fc.assert(
    fc.property(mutated, (noise) => {
      const sent = read(noise);
      if (sent) expect(decodeMessage(encodeMessage(sent))).toEqual(sent);
    }),
    options,
  );
});

test('a stream gives the same messages whole and byte by byte', () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 5 });
  fc.assert(
    fc.property(messages, fc.integer({ min: 1, max: 700 }), (sent, step) => {
      const stream = Uint8Array.from(sent.flatMap((one) => [...frame(one)]));
      const unframer = new Unframer();
      const got: Uint8Array[] = [];
      for (let at = 0; at < stream.length; at += step) {
        got.push(...unframer.push(stream.subarray(at, at + step)));
      }
      expect(got.map(hex)).toEqual(sent.map(hex));
      expect(new Unframer().push(stream).map(hex)).toEqual(sent.map(hex));
      expect(unframer.pending).toBe(0);
    }),
    { seed: 7766, numRuns: 500 },
  );
});
