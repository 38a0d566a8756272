import { describe, expect, test } from 'vitest';
import {
  credentialHash,
  digestHash,
  digestResponse,
  digestUsers,
  type Proof,
  userHash,
} from './digest.ts';

/** RFC 7616 §3.9.1 */
const MUFASA = {
  session: false,
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  nc: '00000001',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  qop: 'auth',
  method: 'GET',
  uri: '/dir/index.html',
} as const;

function mufasa(algorithm: Proof['algorithm']): Proof {
  const ha1 = credentialHash(algorithm, 'Mufasa', 'http-auth@example.org', 'Circle of Life');
  return { ...MUFASA, algorithm, ha1 };
}

test.each([
  ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
] as const)('RFC 7616 §3.9.1 with %s', (algorithm, response) => {
  expect(digestResponse(mufasa(algorithm))).toBe(response);
});

/**
 * RFC 7616 §3.9.2 prints sums of SHA-512 cut to 256 bits instead of SHA-512/256 (errata 4897); with the algorithm of
 * FIPS 180-4 §5.3.6.2 they are these.
 */
test('RFC 7616 §3.9.2 with SHA-512/256', () => {
  const [user, realm] = ['Jäsøn Doe', 'api@example.org'];
  expect(userHash('SHA-512-256', user, realm)).toBe(
    '793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b',
  );
  const proof: Proof = {
    algorithm: 'SHA-512-256',
    session: false,
    ha1: credentialHash('SHA-512-256', user, realm, 'Secret, or not?'),
    nonce: '5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK',
    nc: '00000001',
    cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v',
    qop: 'auth',
    method: 'GET',
    uri: '/doe.json',
  };
  expect(digestResponse(proof)).toBe(
    '3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5',
  );
});

test('FIPS 180-4: SHA-512/256 of abc', () => {
  expect(digestHash('SHA-512-256', 'abc')).toBe(
    '53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23',
  );
});

describe('each part of a proof counts', () => {
  const whole = mufasa('SHA-256');
  test.each<[string, Partial<Proof>]>([
    ['password', { ha1: whole.ha1.replace('a', 'b') }],
    ['nonce', { nonce: 'x' }],
    ['count', { nc: '00000002' }],
    ["client's nonce", { cnonce: 'x' }],
    ['method', { method: 'POST' }],
    ['URI', { uri: '/dir/' }],
    ['quality', { qop: 'auth-int', bodyHash: digestHash('SHA-256', '') }],
    ['session', { session: true }],
  ])('%s', (_, change) => {
    expect(digestResponse({ ...whole, ...change })).not.toBe(digestResponse(whole));
  });

  test('the body, with auth-int', () => {
    const sums = ['a', 'b'].map((body) =>
      digestResponse({ ...whole, qop: 'auth-int', bodyHash: digestHash('SHA-256', body) }),
    );
    expect(sums[0]).not.toBe(sums[1]);
  });
});

test('users are found by name and by the hash of it', () => {
  const users = digestUsers('shop', { alice: 'tea' });
  const alice = users.byName('alice');
  expect(alice?.ha1['SHA-256']).toBe(credentialHash('SHA-256', 'alice', 'shop', 'tea'));
  expect(users.byHash(userHash('SHA-256', 'alice', 'shop'), 'SHA-256')).toBe(alice);
  expect([users.byName('bob'), users.byHash('00', 'MD5')]).toEqual([undefined, undefined]);
});
