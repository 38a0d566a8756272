import { expect, test } from 'vitest';
import { utf8 } from '../../lib/bytes.ts';
import { checkHotp, checkTotp, hotp, otpauthUri, totp, totpStep } from './one-time.ts';

const SECRET = utf8('12345678901234567890');

/** RFC 4226 appendix D */
test.each(
  [
    '755224',
    '287082',
    '359152',
    '969429',
    '338314',
    '254676',
    '287922',
    '162583',
    '399871',
    '520489',
  ].map((code, counter) => [counter, code] as const),
)('HOTP of %d is %s', (counter, code) => expect(hotp(SECRET, counter)).toBe(code));

/** RFC 6238 appendix B; its secrets are as long as the hash (errata 2866). */
const SECRETS = {
  SHA1: SECRET,
  SHA256: utf8('12345678901234567890123456789012'),
  SHA512: utf8('1234567890123456789012345678901234567890123456789012345678901234'),
};
test.each([
  [59, 'SHA1', '94287082'],
  [59, 'SHA256', '46119246'],
  [59, 'SHA512', '90693936'],
  [1111111109, 'SHA1', '07081804'],
  [1111111109, 'SHA256', '68084774'],
  [1111111109, 'SHA512', '25091201'],
  [1111111111, 'SHA1', '14050471'],
  [1111111111, 'SHA256', '67062674'],
  [1111111111, 'SHA512', '99943326'],
  [1234567890, 'SHA1', '89005924'],
  [1234567890, 'SHA256', '91819424'],
  [1234567890, 'SHA512', '93441116'],
  [2000000000, 'SHA1', '69279037'],
  [2000000000, 'SHA256', '90698825'],
  [2000000000, 'SHA512', '38618901'],
  [20000000000, 'SHA1', '65353130'],
  [20000000000, 'SHA256', '77737706'],
  [20000000000, 'SHA512', '47863826'],
] as const)('TOTP at %d s with %s is %s', (seconds, algorithm, code) => {
  expect(totp(SECRETS[algorithm], seconds * 1000, { algorithm, digits: 8 })).toBe(code);
});

test('a code is good one step before and after, and once', () => {
  const now = 1_234_567_890_000;
  const step = totpStep(now);
  const at = (steps: number) => totp(SECRET, now + steps * 30_000);
  expect([-2, -1, 0, 1, 2].map((steps) => checkTotp(SECRET, at(steps), now))).toEqual([
    undefined,
    step - 1,
    step,
    step + 1,
    undefined,
  ]);
  expect(checkTotp(SECRET, at(0), now, { after: step })).toBeUndefined();
  expect(checkTotp(SECRET, at(1), now, { after: step })).toBe(step + 1);
  expect(checkTotp(SECRET, '', now)).toBeUndefined();
});

test('a counter runs ahead, and never back', () => {
  expect(checkHotp(SECRET, hotp(SECRET, 7), 3)).toBe(8);
  expect(checkHotp(SECRET, hotp(SECRET, 2), 3)).toBeUndefined();
  expect(checkHotp(SECRET, hotp(SECRET, 14), 3)).toBeUndefined();
});

test('what an authenticator is told', () => {
  expect(otpauthUri({ issuer: 'The shop', account: 'a@b', secret: SECRET })).toBe(
    'otpauth://totp/The%20shop:a%40b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=The%20shop&algorithm=SHA1&digits=6&period=30',
  );
  expect(() => hotp(SECRET, 0, { digits: 9 })).toThrow(/6 to 8 digits/);
});
