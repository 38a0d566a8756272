import { describe, expect, it } from 'vitest';
import { scramKeys } from '../auth/index.ts';
import { base64, fromBase64 } from '../lib/base64.ts';
import { fromUtf8, latin1, utf8 } from '../lib/bytes.ts';
import { seededRandom } from '../net/index.ts';
import {
  bestMechanism,
  MECHANISMS,
  type Mechanism,
  offered,
  prepare,
  type SaslSetting,
  type SaslStep,
  saslClient,
  saslServer,
  saslUsers,
} from './index.ts';

const random = seededRandom(1);
const luck = (length: number) => random.bytes(length);
const users = saslUsers({ alice: 'tea for two', 'ö,=x': 'ﬁn', empty: '' }, luck);
const setting: SaslSetting = {
  users,
  hostname: 'mail.campus.edu',
  luck,
  disguise: utf8('disguise'),
  now: 0,
};

/** Plays both sides to the end. */
async function play(mechanism: Mechanism, user: string, password: string): Promise<SaslStep> {
  const server = saslServer(mechanism, setting);
  const client = saslClient(mechanism, { user, password }, luck);
  let step = await server.step(client.initial);
  while (step.type === 'challenge') step = await server.step(client.respond(step.bytes));
  if (step.type === 'success') client.finish();
  return step;
}

describe.each(MECHANISMS)('%s', (mechanism) => {
  it.each([
    ['alice', 'tea for two', 'alice'],
    ['ö,=x', 'fin', 'ö,=x'],
    ['al\u00adice', 'tea\u00a0for two', 'alice'],
  ])('%s is let in', async (user, password, name) => {
    // CRAM-MD5 has no preparation: its sum is about the bytes.
    const typed = mechanism === 'CRAM-MD5' ? (prepare(password) ?? '') : password;
    expect(await play(mechanism, user, typed)).toEqual({ type: 'success', user: name });
  });

  it.each([
    ['alice', 'tea for one'],
    ['bob', 'tea for two'],
    ['alice', ''],
    ['empty', 'x'],
  ])('%s with %j is not', async (user, password) => {
    expect(await play(mechanism, user, password)).toMatchObject({ type: 'failure' });
  });

  it.each(['', '\0', '\0\0', 'n,,', 'p=x,,n=a,r=b', 'alice', '\xff'])(
    '%j is no way in',
    async (text) => {
      const server = saslServer(mechanism, setting);
      let step = await server.step(latin1(text));
      for (let i = 0; i < 3 && step.type === 'challenge'; i++)
        step = await server.step(latin1(text));
      expect(step.type).not.toBe('success');
    },
  );
});

it('PLAIN lets nobody act for another', async () => {
  const say = (text: string) => saslServer('PLAIN', setting).step(utf8(text));
  expect(await say('alice\0alice\0tea for two')).toMatchObject({ type: 'success' });
  expect(await say('bob\0alice\0tea for two')).toMatchObject({ type: 'failure' });
});

it('CRAM-MD5 as in RFC 2195 §2', () => {
  const client = saslClient('CRAM-MD5', { user: 'tim', password: 'tanstaaftanstaaf' }, luck);
  const challenge = fromBase64(
    'PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+',
  ) as Uint8Array;
  expect(base64(client.respond(challenge))).toBe(
    'dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw',
  );
});

describe('SCRAM-SHA-256', () => {
  /** RFC 7677 §3. */
  const clientFirst = 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO';
  const serverFirst =
    'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096';
  const clientLast =
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=';
  const serverLast = 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=';
  const nonceOf = (text: string) => () => fromBase64(text) as Uint8Array;

  it('the client of the standard', () => {
    const credentials = { user: 'user', password: 'pencil' };
    const client = saslClient('SCRAM-SHA-256', credentials, nonceOf('rOprNGfwEbeRWgbNEkqO'));
    expect(fromUtf8(client.initial as Uint8Array)).toBe(clientFirst);
    expect(fromUtf8(client.respond(utf8(serverFirst)))).toBe(clientLast);
    expect(() => client.finish()).toThrow('without a proof');
    expect(client.respond(utf8(serverLast))).toHaveLength(0);
    client.finish();
  });

  it('the server of the standard', () => {
    const keys = scramKeys('pencil', fromBase64('W22ZaJ0SNY7soEsUEjb6gQ==') as Uint8Array, 4096);
    expect(base64(keys.serverKey)).toBe('wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=');
  });

  it.each([
    ['r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096', 'nonce'],
    ['r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096', 'nonce'],
    ['r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1', 'iterations'],
    ['r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999', 'iterations'],
    ['m=x,r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096', 'first message'],
    ['e=no', 'first message'],
  ])('a client gives up at %s', (text, words) => {
    const credentials = { user: 'user', password: 'pencil' };
    const client = saslClient('SCRAM-SHA-256', credentials, nonceOf('rOprNGfwEbeRWgbNEkqO'));
    expect(() => client.respond(utf8(text))).toThrow(words);
  });

  it('a server that does not know the password is found out', () => {
    const credentials = { user: 'user', password: 'pencil' };
    const client = saslClient('SCRAM-SHA-256', credentials, nonceOf('rOprNGfwEbeRWgbNEkqO'));
    client.respond(utf8(serverFirst));
    expect(() => client.respond(utf8(`v=${base64(new Uint8Array(32))}`))).toThrow('password');
  });

  it('shows no difference between a user and none, but at the end', async () => {
    const ask = async (name: string) => {
      const step = await saslServer('SCRAM-SHA-256', setting).step(utf8(`n,,n=${name},r=abc`));
      return step.type === 'challenge' ? (fromUtf8(step.bytes).split(',s=')[1] ?? '') : '';
    };
    expect(await ask('nobody')).toBe(await ask('nobody'));
    expect((await ask('nobody')).length).toBe((await ask('alice')).length);
  });
});

it('passwords in clear are offered on secure connections only', () => {
  expect(offered(users, false)).toEqual(['SCRAM-SHA-256', 'CRAM-MD5']);
  expect(offered({ verify: () => true }, true)).toEqual(['PLAIN', 'LOGIN']);
  expect(bestMechanism(['LOGIN', 'PLAIN', 'XOAUTH2'], true)).toBe('PLAIN');
  expect(bestMechanism(['LOGIN', 'PLAIN'], false)).toBeUndefined();
});

/** RFC 4013 §3. */
it.each([
  ['I\u00adX', 'IX'],
  ['user', 'user'],
  ['USER', 'USER'],
  ['\u00aa', 'a'],
  ['\u2168', 'IX'],
  ['\u0007', undefined],
])('%j is prepared', (text, prepared) => expect(prepare(text)).toBe(prepared));
