import { describe, expect, test } from 'vitest';
import type { OpenedEmail } from '../jmap/types.ts';
import { forward, prefixed, replyTo } from './answer.ts';

const EMAIL = {
  from: [{ name: 'Bob Brown', email: 'bob@x.org' }],
  to: [
    { name: null, email: 'Alice@x.org' },
    { name: 'Carol', email: 'carol@x.org' },
  ],
  cc: [
    { name: null, email: 'dan@x.org' },
    { name: null, email: 'BOB@x.org' },
  ],
  replyTo: null,
  subject: 'Lunch',
  messageId: ['b@x'],
  references: ['a@x'],
  inReplyTo: ['a@x'],
  sentAt: '2026-11-20T12:00:00Z',
  receivedAt: '2026-11-20T12:00:00Z',
  textBody: [{ partId: '1', type: 'text/plain' }],
  bodyValues: { '1': { value: 'Hungry?\n> No\n', isTruncated: false } },
} as unknown as OpenedEmail;

const addresses = (list: readonly { readonly email: string }[]): string[] =>
  list.map(({ email }) => email);

describe('an answer', () => {
  test('goes to the writer, with the text quoted and the conversation named', () => {
    const reply = replyTo(EMAIL, ['alice@x.org'], false);
    expect([addresses(reply.to), addresses(reply.cc)]).toEqual([['bob@x.org'], []]);
    expect(reply.subject).toBe('Re: Lunch');
    expect(reply.body).toMatch(/^\n\nOn .* Bob Brown wrote:\n> Hungry\?\n>> No\n$/);
    expect([reply.inReplyTo, reply.references]).toEqual([['b@x'], ['a@x', 'b@x']]);
  });

  test('to all leaves out oneself, and nobody gets it twice', () => {
    const { to, cc } = replyTo(EMAIL, ['alice@x.org'], true);
    expect([addresses(to), addresses(cc)]).toEqual([['bob@x.org'], ['carol@x.org', 'dan@x.org']]);
  });

  test('to oneself goes to whom it was written', () => {
    const { to } = replyTo(EMAIL, ['bob@x.org'], false);
    expect(addresses(to)).toEqual(['Alice@x.org', 'carol@x.org']);
  });
});

test('a forward says whose it was', () => {
  const { to, body, inReplyTo } = forward(EMAIL);
  expect([to, inReplyTo]).toEqual([[], []]);
  expect(body).toContain('From: Bob Brown <bob@x.org>\n');
  expect(body).toContain('\n\nHungry?\n> No');
});

test.each([
  ['Re', 'Lunch', 'Re: Lunch'],
  ['Re', 'RE: Lunch', 'RE: Lunch'],
  ['Fwd', 'Fw: Lunch', 'Fw: Lunch'],
  ['Fwd', 'Re: Lunch', 'Fwd: Re: Lunch'],
  ['Re', null, 'Re: '],
] as const)('%s: %s', (mark, subject, expected) => {
  expect(prefixed(mark, subject)).toBe(expected);
});
