import { describe, expect, it } from 'vitest';
import type { MessageLine } from '../../../src/trace/message.ts';
import { parseFilter } from './filter.ts';

const base: MessageLine = {
  id: 1,
  conversation: 3,
  protocol: 'dns',
  transport: 'udp',
  from: 'alice',
  to: 'dns.campus',
  fromPort: 40_000,
  toPort: 53,
  sentAt: 0,
  summary: 'A? www.campus.edu',
  role: 'request',
  length: 32,
};
const page: MessageLine = {
  ...base,
  id: 2,
  protocol: 'http',
  to: 'www.campus',
  toPort: 80,
  conversation: 4,
  summary: '404 Not Found',
  role: 'reply',
};
const lost: MessageLine = {
  ...base,
  id: 3,
  protocol: 'ping',
  from: 'bob',
  to: 'ping.campus',
  lost: 'cut',
  conversation: 5,
  summary: 'Ping 1',
};

function matches(text: string): number[] {
  const filter = parseFilter(text);
  if (!filter.ok) throw new Error(filter.problem);
  return [base, page, lost].filter(filter.test).map(({ id }) => id);
}

describe('what is let through', () => {
  it.each([
    ['', [1, 2, 3]],
    ['dns', [1]],
    ['DNS', [1]],
    ['dns || http', [1, 2]],
    ['!dns', [2, 3]],
    ['host == alice', [1, 2]],
    ['from == bob', [3]],
    ['to != dns.campus', [2, 3]],
    ['conv == 4', [2]],
    ['port == 53', [1, 3]],
    ['lost', [3]],
    ['reply', [2]],
    ['www', [1, 2]],
    ['www 404', [2]],
    ['"not found"', [2]],
    ['dns || http && host == alice', [1, 2]],
    ['(dns || ping) && host == bob', [3]],
    ['!(dns || ping)', [2]],
    ['!lost alice', [1, 2]],
    ['A?', [1]],
  ])('%j', (text, ids) => {
    expect(matches(text)).toEqual(ids);
  });
});

describe('what is not understood', () => {
  it.each([
    ['dns &&', 'something is missing at the end'],
    ['&& dns', '“&&” needs something before it'],
    ['(dns', 'a parenthesis is not closed'],
    ['dns)', '“)” stands alone'],
    ['host ==', 'a value is missing after “host ==”'],
    ['size == 3', "“size” can't be compared; host, from, to, port, conv, protocol can"],
    ['"open', '“"open” is not understood'],
  ])('%j', (text, problem) => {
    expect(parseFilter(text)).toEqual({ ok: false, problem });
  });
});
