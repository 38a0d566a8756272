import { describe, expect, test } from 'vitest';
import { concat, fromHex, hex } from '../../lib/bytes.ts';
import { seededRandom } from '../../net/index.ts';
import { checkServerCookie, makeServerCookie } from '../machine/cookie.ts';
import { edns, message, question, reply } from '../message.ts';
import { OPTION, optionOf } from '../options.ts';
import type { Message } from '../types.ts';
import { cookies } from './cookies.ts';
import type { DnsRequest, Reply } from './types.ts';

const bytes = (text: string) => fromHex(text) as Uint8Array;

describe('server cookies (RFC 9018, appendix A)', () => {
  const secret = bytes('e5e973e5a6b2a43f48e7dc849e37bfcf');
  const client = bytes('2464c4abcf10c957');
  const address = Uint8Array.of(198, 51, 100, 100);

  test('A.1: a new one', () => {
    const made = makeServerCookie(secret, client, address, 1_559_731_985);
    expect(hex(made)).toBe('010000005cf79f111f8130c3eee29480');
  });

  test('A.2: renewed after 40 minutes', () => {
    const first = bytes('010000005cf79f111f8130c3eee29480');
    expect(checkServerCookie(secret, client, first, address, 1_559_734_385)).toBe('old');
    const made = makeServerCookie(secret, client, address, 1_559_734_385);
    expect(hex(made)).toBe('010000005cf7a871d4a564a1442aca77');
  });

  test('A.3: another client, with reserved bytes that are not 0', () => {
    const given = bytes('01abcdef5cf78f71a314227b6679ebf5');
    const other = bytes('fc93fc62807ddb86');
    const from = Uint8Array.of(203, 0, 113, 203);
    expect(checkServerCookie(secret, other, given, from, 1_559_727_985 + 60)).toBe('good');
    expect(checkServerCookie(secret, other, given, address, 1_559_727_985)).toBe('bad');
  });

  test.each([
    [3_600, 'old'],
    [3_601, 'bad'],
    [-300, 'good'],
    [-301, 'bad'],
  ])('%d s later it is %s', (later, state) => {
    const now = 1_559_731_985;
    const made = makeServerCookie(secret, client, address, now);
    expect(checkServerCookie(secret, client, made, address, now + later)).toBe(state);
  });
});

describe('the link', () => {
  const clock = { now: () => 0, epoch: 1_559_731_985_000, setTimer: () => ({ cancel() {} }) };
  const host = { clock, random: seededRandom(1) };
  let seen: DnsRequest | undefined;
  const answer = (request: DnsRequest): Reply => {
    seen = request;
    return reply(request.query);
  };

  function ask(required: boolean, data?: Uint8Array): Message {
    const secret = bytes('e5e973e5a6b2a43f48e7dc849e37bfcf');
    const options = data ? [{ code: OPTION.COOKIE, data }] : [];
    const query = message({
      questions: [question('a.', 'A')],
      edns: edns(1232, false, options),
    });
    const end = { address: '198.51.100.100', port: 9 };
    const request = { query, question: query.questions[0], from: end, local: end };
    seen = undefined;
    return cookies(host, { secret, required })(answer)({
      ...request,
      transport: 'udp',
    }) as Message;
  }

  const client = bytes('2464c4abcf10c957');

  test('gives a cookie to who sends one, and knows it again', () => {
    const first = optionOf(ask(false, client).edns, OPTION.COOKIE) as Uint8Array;
    expect(hex(first)).toBe('2464c4abcf10c957010000005cf79f111f8130c3eee29480');
    expect(seen?.proven).toBe(false);
    expect(optionOf(ask(true, first).edns, OPTION.COOKIE)).toEqual(first);
    expect(seen?.proven).toBe(true);
  });

  test('says BADCOOKIE with a good one where it is required', () => {
    const forged = concat([client, new Uint8Array(16)]);
    const made = ask(true, forged);
    expect(made.rcode).toBe('BADCOOKIE');
    expect(seen).toBeUndefined();
    expect(optionOf(made.edns, OPTION.COOKIE)).toHaveLength(24);
  });

  test('lets those alone who send none, and says FORMERR to impossible lengths', () => {
    expect(ask(true).edns).toBeUndefined();
    expect(ask(false, bytes('0102')).rcode).toBe('FORMERR');
  });
});
