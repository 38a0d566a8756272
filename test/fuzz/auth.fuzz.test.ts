/** Signing in: any field is read or refused; what was changed does not open. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { it } from 'vitest';
import {
  checkTotp,
  parseChallenges,
  parseCredentials,
  Sealer,
  verifyPassword,
} from '../../src/auth/index.ts';
import { formatAuthField } from '../../src/auth/wire/auth-field.ts';
import { digestCredentials } from '../../src/auth/wire/digest-credentials.ts';
import { extendedValue, fromExtendedValue } from '../../src/auth/wire/extended-value.ts';
import { base32, fromBase32 } from '../../src/lib/base32.ts';
import { base64Url, fromBase64Url } from '../../src/lib/base64.ts';
import { fromLatin1, utf8 } from '../../src/lib/bytes.ts';
import { ProtocolError } from '../../src/lib/errors.ts';
import { seededRandom } from '../../src/net/index.ts';
import { fuzz } from './mutate.ts';

const TIME = 120_000;
const DIGEST =
  'Digest username="alice", realm="shop", uri="/", algorithm=SHA-256, nonce="n", nc=00000001, cnonce="c", qop=auth, response="00112233445566778899aabbccddeeff"';

it('challenges and credentials', { timeout: TIME }, () => {
  fuzz(
    [DIGEST, 'Basic YTpi', 'Digest realm="a, b", nonce="x", Basic realm="c"'],
    [
      '"',
      '\\',
      ',',
      '=',
      ' ',
      'Digest ',
      "username*=UTF-8''%",
      'userhash=true',
      '\xff',
      'nc=',
      '\0',
    ],
    (bytes) => {
      const text = fromLatin1(bytes);
      ok(parseChallenges([text, text]).length <= 8);
      const field = parseCredentials(text);
      if (field && field.params.size > 0) {
        const again = formatAuthField(
          field.scheme,
          [...field.params].map(([name, value]) => [name, value, 'quoted']),
        );
        deepEqual(parseCredentials(again)?.params, field.params);
      }
      try {
        digestCredentials(text, { target: '/' }, 'shop', { offers: () => true });
      } catch (error) {
        if (!(error instanceof ProtocolError) || error.reply !== 400) throw error;
      }
    },
  );
});

it('small forms', { timeout: TIME }, () => {
  fuzz(
    ["UTF-8''J%C3%A4s", 'MZXW6YTB', '-__-AA', '$scrypt$ln=1,r=8,p=1$AAAA$AAAA'],
    ['%', "'", '=', '$', ',', '-'],
    (bytes) => {
      const text = fromLatin1(bytes);
      const name = fromExtendedValue(text);
      if (name !== undefined) equal(fromExtendedValue(extendedValue(name)), name);
      const secret = fromBase32(text);
      if (secret) deepEqual(fromBase32(base32(secret)), secret);
      deepEqual(fromBase32(base32(bytes)), bytes);
      const data = fromBase64Url(text);
      if (data) equal(base64Url(data), text);
      equal(verifyPassword(text, 'x'), false);
    },
    20_000,
  );
  equal(checkTotp(utf8('x'), 'é', 0), undefined);
});

it('sealed values: only what was sealed opens', { timeout: TIME }, () => {
  const random = seededRandom('fuzz');
  const keys = [{ id: 'a', secret: utf8('0123456789abcdef') }];
  for (const mode of ['signed', 'encrypted'] as const) {
    const luck = (length: number) => random.bytes(length);
    const sealer = new Sealer({ keys, purpose: 'p', mode, now: () => 0, luck });
    const sealed = ['x', 'user=alice'].map((value) => sealer.seal(value, 1000));
    fuzz(
      sealed,
      ['.', 'A', '-', 's.', 'e.', '..'],
      (bytes) => {
        const text = fromLatin1(bytes);
        if (!sealed.includes(text)) equal(sealer.open(text).value, undefined);
      },
      20_000,
    );
  }
});
