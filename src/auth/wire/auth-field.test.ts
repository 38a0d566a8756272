import { describe, expect, test } from 'vitest';
import { formatAuthField, parseChallenges, parseCredentials } from './auth-field.ts';
import { type DigestCredentials, digestCredentials } from './digest-credentials.ts';
import { extendedValue, fromExtendedValue } from './extended-value.ts';

const shown = (values: readonly string[]) =>
  parseChallenges(values).map(({ scheme, token, params }) => [
    scheme,
    token,
    Object.fromEntries(params),
  ]);

describe('challenges', () => {
  test.each<[string[], unknown[]]>([
    [[], []],
    [[''], []],
    [['Basic'], [['basic', undefined, {}]]],
    [['Basic realm="a"'], [['basic', undefined, { realm: 'a' }]]],
    [['Basic realm = a'], [['basic', undefined, { realm: 'a' }]]],
    [['Negotiate YWJj=='], [['negotiate', 'YWJj==', {}]]],
    [
      ['Digest realm="a, b", qop="auth,auth-int", stale=TRUE'],
      [['digest', undefined, { realm: 'a, b', qop: 'auth,auth-int', stale: 'TRUE' }]],
    ],
    [['Digest realm="a\\"b\\\\"'], [['digest', undefined, { realm: 'a"b\\' }]]],
    [
      ['Digest realm="a", Basic realm="b"'],
      [
        ['digest', undefined, { realm: 'a' }],
        ['basic', undefined, { realm: 'b' }],
      ],
    ],
    [
      ['Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"'],
      [
        ['newauth', undefined, { realm: 'apps', type: '1', title: 'Login to "apps"' }],
        ['basic', undefined, { realm: 'simple' }],
      ],
    ],
    [
      ['Digest realm="a"', 'Basic'],
      [
        ['digest', undefined, { realm: 'a' }],
        ['basic', undefined, {}],
      ],
    ],
    [[', ,Basic realm="a", ,'], [['basic', undefined, { realm: 'a' }]]],
    [['Digest realm="\xc3\xa4"'], [['digest', undefined, { realm: 'ä' }]]],
    [['Digest REALM="a"'], [['digest', undefined, { realm: 'a' }]]],
    [['Digest realm="a", realm="b"', 'Basic'], [['basic', undefined, {}]]],
    [['Digest realm="a'], []],
    [['realm="a"'], []],
    [['Digest a b, Basic'], [['basic', undefined, {}]]],
  ])('%j', (values, expected) => expect(shown(values)).toEqual(expected));

  test('no more of them, and of parameters, than are looked at', () => {
    expect(parseChallenges(['Basic, '.repeat(99)])).toHaveLength(8);
    const many = Array.from({ length: 33 }, (_, i) => `p${i}=1`).join(', ');
    expect(parseCredentials(`Digest ${many}`)).toBeUndefined();
  });

  test('what is written is read again', () => {
    const text = formatAuthField('Digest', [
      ['realm', 'a "b" \\ ä', 'quoted'],
      ['stale', undefined, 'bare'],
      ['algorithm', 'SHA-256', 'bare'],
    ]);
    expect(text).toBe('Digest realm="a \\"b\\" \\\\ \xc3\xa4", algorithm=SHA-256');
    expect(Object.fromEntries(parseCredentials(text)?.params ?? [])).toEqual({
      realm: 'a "b" \\ ä',
      algorithm: 'SHA-256',
    });
  });
});

test('names beyond ASCII (RFC 7616 §3.9.2)', () => {
  expect(extendedValue('Jäsøn Doe')).toBe("UTF-8''J%C3%A4s%C3%B8n%20Doe");
  expect(fromExtendedValue("utf-8'en'J%c3%A4s")).toBe('Jäs');
  expect(
    ["latin1''x", "UTF-8'x", "UTF-8''%", "UTF-8''%zz", "UTF-8''a b"].map(fromExtendedValue),
  ).toEqual(Array(5).fill(undefined));
});

describe('credentials of Digest', () => {
  const GOOD = {
    username: '"alice"',
    realm: '"shop"',
    uri: '"/a"',
    algorithm: 'SHA-256',
    nonce: '"n"',
    nc: '00000001',
    cnonce: '"c"',
    qop: 'auth',
    response: `"${'0'.repeat(64)}"`,
  };
  const read = (change: Readonly<Record<string, string | undefined>>): DigestCredentials => {
    const params = Object.entries({ ...GOOD, ...change }).filter(
      ([, value]) => value !== undefined,
    );
    const text = params.map(([name, value]) => `${name}=${value}`).join(', ');
    const offer = { offers: (algorithm: string) => algorithm !== 'MD5' };
    return digestCredentials(`Digest ${text}`, { target: '/a' }, 'shop', offer);
  };

  test.each<[Readonly<Record<string, string | undefined>>, Partial<DigestCredentials>]>([
    [{}, { name: 'alice', hashed: false, algorithm: 'SHA-256', session: false }],
    [{ algorithm: 'sha-256-SESS' }, { session: true }],
    [{ qop: 'auth-int' }, { qop: 'auth-int' }],
    [
      { userhash: 'true', username: '"ABC"' },
      { name: 'abc', hashed: true },
    ],
    [
      { username: undefined, 'username*': "UTF-8''%C3%A4" },
      { name: 'ä', hashed: false },
    ],
    [{ response: `"${'A'.repeat(32)}"` }, { response: 'a'.repeat(32) }],
  ])('%o', (change, expected) => expect(read(change)).toMatchObject(expected));

  test.each<[Readonly<Record<string, string | undefined>>, RegExp]>([
    [{ username: undefined }, /one of username/],
    [{ 'username*': "UTF-8''x" }, /not both/],
    [{ username: undefined, 'username*': 'x' }, /RFC 5987/],
    [{ username: undefined, 'username*': "UTF-8''x", userhash: 'true' }, /RFC 5987/],
    [{ realm: '"other"' }, /realm is another/],
    [{ realm: undefined }, /realm is missing/],
    [{ uri: '"/b"' }, /not what the request asks for/],
    [{ algorithm: 'SHA-1' }, /SHA-1 is not known/],
    [{ algorithm: undefined }, /MD5 with qop=auth was not offered/],
    [{ qop: undefined }, /qop is missing/],
    [{ qop: 'other' }, /qop=other/],
    [{ nc: '1' }, /8 digits/],
    [{ nc: '00000000' }, /8 digits/],
    [{ cnonce: undefined }, /cnonce is missing/],
    [{ nonce: undefined }, /nonce is missing/],
    [{ response: '"x"' }, /no digest/],
    [{ nonce: '"n' }, /can not be read/],
  ])('%o is a bad request', (change, message) => {
    expect(() => read(change)).toThrow(
      expect.objectContaining({ reply: 400, message: expect.stringMatching(message) }),
    );
  });
});
