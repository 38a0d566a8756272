import { expect, it } from 'vitest';
import { type FailingFields, failingOf, failingText } from './failing.ts';

const FIELDS: FailingFields = { stage: 'RCPT', address: '', how: 'code', value: '450', times: '' };

it.each([
  [{}, { stage: 'RCPT', code: 450 }, 'at RCPT TO: answer 450'],
  [
    { address: 'bob', times: '3' },
    { stage: 'RCPT', address: 'bob', times: 3, code: 450 },
    'at RCPT TO for addresses with “bob”: answer 450, 3 times',
  ],
  [{ value: '' }, { stage: 'RCPT', code: 451 }, 'at RCPT TO: answer 451'],
  [
    { how: 'greylist', value: '8' },
    { stage: 'RCPT', greylistMs: 8000 },
    'at RCPT TO: greylist for 8 s',
  ],
  [
    { how: 'delay', stage: 'DATA', value: '2', times: '1' },
    { stage: 'DATA', times: 1, delayMs: 2000 },
    'after the message: answer after 2 s, once',
  ],
  [
    { how: 'drop', stage: 'CONNECT', address: 'bob' },
    { stage: 'CONNECT', drop: true },
    'at the connection: break the connection',
  ],
  [{ how: 'stall' }, { stage: 'RCPT', code: 0 }, 'at RCPT TO: answer nothing'],
] as const)('%j is %j', (fields, failing, said) => {
  expect(failingOf({ ...FIELDS, ...fields })).toEqual(failing);
  expect(failingText(failing)).toBe(said);
});

it('says how often of all times', () => {
  expect(failingText({ stage: 'MAIL', code: 421, share: 0.25 })).toBe(
    'at MAIL FROM: answer 421, in 25 % of the cases',
  );
});
