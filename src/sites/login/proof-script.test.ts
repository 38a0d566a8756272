import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeProof } from '../../auth/index.ts';
import { hex, utf8 } from '../../lib/bytes.ts';
import { hmac, proofScript, prove, sha256, stretch } from './proof-script.ts';

/** FIPS 180-4's examples, and lengths about the ends of blocks. */
test.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  ['a'.repeat(55), '9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318'],
  ['a'.repeat(64), 'ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb'],
])('SHA-256 of %j', (text, sum) => expect(hex(sha256(utf8(text)))).toBe(sum));

/** RFC 4231 §4.3, and a key longer than a block as in §4.7. */
test('HMAC', () => {
  expect(hex(hmac(utf8('Jefe'), utf8('what do ya want for nothing?')))).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
  const long = new Uint8Array(131).fill(0xaa);
  expect(hex(hmac(long, utf8('Test Using Larger Than Block-Size Key - Hash Key First')))).toBe(
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  );
});

/** RFC 7914 §11 has 80,000 rounds of another length; this one is widely published. */
test('PBKDF2', () => {
  expect(hex(stretch(utf8('password'), utf8('salt'), 4096))).toBe(
    'c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a',
  );
});

test('what the browser proves is what the server checks', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.string(),
      fc.string(),
      (password, salt, message) => {
        const proof = makeProof(password, { salt: utf8(salt), iterations: 3 }, message);
        expect(prove(password, salt, 3, message)).toBe(hex(proof));
      },
    ),
    { numRuns: 50, seed: 1 },
  );
});

test('the script runs by itself: it needs nothing but what it brings', () => {
  const text = proofScript().replace(/const form = [\s\S]*/, '');
  const alone = new Function('TextEncoder', `${text}; return prove('tea', 'salt', 2, 'x');`);
  expect(alone(TextEncoder)).toBe(prove('tea', 'salt', 2, 'x'));
});
