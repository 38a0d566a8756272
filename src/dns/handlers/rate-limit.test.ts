import { describe, expect, test } from 'vitest';
import { RateLimiter } from '../machine/rate-limit.ts';
import { message, question, reply } from '../message.ts';
import type { Message } from '../types.ts';
import { rateLimit } from './rate-limit.ts';
import type { DnsRequest } from './types.ts';

const count = (verdicts: readonly string[], wanted: string) =>
  verdicts.filter((verdict) => verdict === wanted).length;

describe('RateLimiter', () => {
  test('sends up to the rate, then slips every second one', () => {
    const limiter = new RateLimiter({ perSecond: 10 });
    const now = Array.from({ length: 110 }, () => limiter.judge('10.0.0.1', 'a', 0));
    expect(count(now, 'send')).toBe(10);
    expect(count(now, 'truncate')).toBe(50);
    expect(count(now, 'drop')).toBe(50);
  });

  test('counts a network as one, other networks and answers apart', () => {
    const limiter = new RateLimiter({ perSecond: 1, slip: 0 });
    expect(limiter.judge('10.0.0.1', 'a', 0)).toBe('send');
    expect(limiter.judge('10.0.0.200', 'a', 0)).toBe('drop');
    expect(limiter.judge('10.0.1.1', 'a', 0)).toBe('send');
    expect(limiter.judge('10.0.0.1', 'b', 0)).toBe('send');
    expect(limiter.judge('2001:db8:0:1::1', 'a', 0)).toBe('send');
    expect(limiter.judge('2001:db8:0:ff::1', 'a', 0)).toBe('drop');
    expect(limiter.judge('2001:db8:1::1', 'a', 0)).toBe('send');
  });

  test('forgives after the window', () => {
    const limiter = new RateLimiter({ perSecond: 10, windowS: 2, slip: 0 });
    for (let i = 0; i < 1000; i++) limiter.judge('10.0.0.1', 'a', 0);
    expect(limiter.judge('10.0.0.1', 'a', 1900)).toBe('drop');
    expect(limiter.judge('10.0.0.1', 'a', 2200)).toBe('send');
  });

  test('leaks where it is asked to, and holds a bounded number of accounts', () => {
    const limiter = new RateLimiter({ perSecond: 1, slip: 0, leak: 4, accounts: 2 });
    const verdicts = Array.from({ length: 9 }, () => limiter.judge('10.0.0.1', 'a', 0));
    expect(count(verdicts, 'send')).toBe(3);
    limiter.judge('10.0.1.1', 'a', 0);
    limiter.judge('10.0.2.1', 'a', 0);
    expect(limiter.judge('10.0.0.1', 'a', 0)).toBe('send');
  });
});

describe('the link', () => {
  const clock = { now: () => 0, epoch: 0, setTimer: () => ({ cancel() {} }) };
  const end = { address: '10.0.0.1', port: 9 };

  function flood(times: number, change: Partial<DnsRequest> = {}, rcode = 'NXDOMAIN' as const) {
    const link = rateLimit(clock, { perSecond: 5 })(({ query }) =>
      reply(query, {
        rcode,
        authorities: [{ name: 'edu.', type: 'NS', class: 'IN', ttl: 1, target: 'a.' }],
      }),
    );
    return Array.from({ length: times }, (_, i) => {
      const query = message({ questions: [question(`n${i}.edu.`, 'A')] });
      const request = { query, question: query.questions[0], from: end, local: end };
      return link({ ...request, transport: 'udp', ...change }) as Message | undefined;
    });
  }

  test('counts denials of one zone together, and slips with TC', () => {
    const replies = flood(25);
    expect(replies.filter((one) => one === undefined)).toHaveLength(10);
    expect(replies.filter((one) => one?.truncated)).toHaveLength(10);
    expect(replies.find((one) => one?.truncated)?.authorities).toEqual([]);
  });

  test('leaves TCP and proven clients alone', () => {
    expect(flood(25, { transport: 'tcp' })).not.toContain(undefined);
    expect(flood(25, { proven: true })).not.toContain(undefined);
  });
});
