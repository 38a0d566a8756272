import { beforeEach, describe, expect, test } from 'vitest';
import { utf8 } from '../../lib/bytes.ts';
import { seededRandom } from '../../net/index.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { checkProof, makeProof, proofKeys } from './proof.ts';
import { Sealer, type SealerOptions, type SealRefusal } from './sealed.ts';

const random = seededRandom('sealed');
const luck = (length: number) => random.bytes(length);
const [OLD, NEW] = [
  { id: '2025', secret: utf8('a secret of the last year') },
  { id: '2026', secret: utf8('a secret of this year') },
];

let now = 0;
let refusals: SealRefusal[];
beforeEach(() => {
  now = Date.UTC(2026, 0, 1);
  refusals = [];
});

function sealer(mode: SealerOptions['mode'], more: Partial<SealerOptions> = {}): Sealer {
  return new Sealer({
    keys: [OLD],
    purpose: 'session',
    mode,
    now: () => now,
    luck,
    onRefusal: (why) => refusals.push(why),
    ...more,
  });
}

describe.each(['signed', 'encrypted'] as const)('a value %s', (mode) => {
  test.each(['', '1678', '{"user":"ännchen"}', 'x'.repeat(3000)])('%j comes back', (value) => {
    const sealed = sealer(mode).seal(value, 60_000);
    expect(sealed).toMatch(/^[\w.-]+$/);
    expect(sealer(mode).open(sealed)).toEqual({ value });
  });

  test('no character of it can be changed', () => {
    const sealed = sealer(mode).seal('user=alice', 60_000);
    for (let at = 0; at < sealed.length; at++) {
      const other = sealed.charAt(at) === 'B' ? 'C' : 'B';
      const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
      expect(sealer(mode).open(changed).value, changed).toBeUndefined();
    }
    expect(refusals).toContain('changed');
    expect(refusals).toHaveLength(sealed.length);
  });

  test('its time is over in the end, and can not be made longer', () => {
    const sealed = sealer(mode).seal('x', 60_000);
    const later = sealed.replace(/^(..2025\.)\w+/, '$1zzzzzz');
    expect(sealer(mode).open(later)).toEqual({ refused: 'changed' });
    now += 60_000;
    expect(sealer(mode).open(sealed)).toEqual({ value: 'x' });
    now += 1;
    expect(sealer(mode).open(sealed)).toEqual({ refused: 'expired' });
    expect(refusals).toEqual(['changed', 'expired']);
  });

  test('a new key seals, the old one still opens, until it is taken away', () => {
    const old = sealer(mode).seal('x', 60_000);
    const both = sealer(mode, { keys: [NEW, OLD] });
    expect(both.open(old)).toEqual({ value: 'x' });
    const fresh = both.seal('y', 60_000);
    expect(fresh).toContain('.2026.');
    expect(sealer(mode, { keys: [NEW] }).open(fresh)).toEqual({ value: 'y' });
    expect(sealer(mode, { keys: [NEW] }).open(old)).toEqual({ refused: 'unknown key' });
    const liar = old.replace('.2025.', '.2026.');
    expect(both.open(liar)).toEqual({ refused: 'changed' });
  });

  test('one for another purpose, or of the other kind, does not open', () => {
    const sealed = sealer(mode).seal('x', 60_000);
    expect(sealer(mode, { purpose: 'basket' }).open(sealed)).toEqual({ refused: 'changed' });
    const other = mode === 'signed' ? 'encrypted' : 'signed';
    expect(sealer(other).open(sealed)).toEqual({ refused: 'malformed' });
  });

  test.each(['', 'x', '....', 's.2025.0', 'e.2025.0.', 's.2025.0..', `e.2025.0.${'A'.repeat(15)}`])(
    '%j is none',
    (text) => expect(sealer(mode).open(text).value).toBeUndefined(),
  );

  test('what can not be sealed', () => {
    expect(() => sealer(mode).seal('x'.repeat(3073), 1)).toThrow(/3072 bytes/);
    expect(() => sealer(mode, { keys: [] })).toThrow(/1 to 16 keys/);
    expect(() => sealer(mode, { keys: [{ id: 'a', secret: utf8('short') }] })).toThrow(/16 bytes/);
    expect(() => sealer(mode, { keys: [{ ...OLD, id: 'a.b' }] })).toThrow(/letters and digits/);
  });
});

test('an encrypted value shows nothing of itself, and no two are alike', () => {
  const [one, two] = [1, 2].map(() => sealer('encrypted').seal('secret', 60_000));
  expect(one).not.toBe(two);
  expect(Buffer.from(one?.split('.')[3] ?? '', 'base64url').toString()).not.toContain('secret');
});

describe('passwords', () => {
  test('are kept by scrypt, with a salt of their own', () => {
    const [one, two] = [hashPassword('tea for two', luck, 4), hashPassword('tea for two', luck, 4)];
    expect(one).toMatch(/^\$scrypt\$ln=4,r=8,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(one).not.toBe(two);
    expect([one, two].map((stored) => verifyPassword(stored, 'tea for two'))).toEqual([true, true]);
    expect(
      ['tea for three', '', 'x'.repeat(2000)].map((word) => verifyPassword(one, word)),
    ).toEqual([false, false, false]);
  });

  /** RFC 7914 §12, with the parameters of ours: `scrypt("pleaseletmein", "SodiumChloride", 16384, 8, 1)`. */
  test('are what others compute', () => {
    const sum = '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2';
    const hash = Buffer.from(sum, 'hex').toString('base64').replace('=', '');
    expect(
      verifyPassword(`$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$${hash}`, 'pleaseletmein'),
    ).toBe(true);
  });

  test.each([
    '',
    'tea',
    '$scrypt$ln=99,r=8,p=1$AAAA$AAAA',
    `$scrypt$ln=16,r=8,p=1$AAAA$${'A'.repeat(43)}`,
    '$scrypt$ln=0,r=8,p=1$AAAA$AAAA',
    '$argon2id$v=19$m=1,t=1,p=1$AAAA$AAAA',
  ])('stored as %j let nobody in', (stored) => expect(verifyPassword(stored, 'tea')).toBe(false));

  test('that are none are refused', () => {
    expect(() => hashPassword('', luck)).toThrow(/1 to 1024/);
    expect(() => hashPassword('x'.repeat(1025), luck)).toThrow(/1 to 1024/);
  });
});

describe('a proof of a password', () => {
  const keys = proofKeys('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'), 4096);

  /** RFC 7677 §3 */
  test('is the one of the standard', () => {
    const message =
      'n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
    const proof = makeProof('pencil', keys, message);
    expect(Buffer.from(proof).toString('base64')).toBe(
      'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    );
    expect(checkProof(keys, message, proof)).toBe(true);
  });

  test('is good for its challenge and its password only', () => {
    const proof = makeProof('pencil', keys, 'one');
    expect(checkProof(keys, 'two', proof)).toBe(false);
    expect(checkProof(keys, 'one', makeProof('pen', keys, 'one'))).toBe(false);
    expect(checkProof(keys, 'one', proof.subarray(1))).toBe(false);
  });
});
