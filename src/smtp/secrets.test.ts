/** TLS and AUTH. */
import { describe, expect, it } from 'vitest';
import { ALICE, BOB, connect, stage, Typist } from '../../test/smtp/stage.ts';
import { base64 } from '../lib/base64.ts';
import { latin1, utf8 } from '../lib/bytes.ts';
import { ByteReader } from '../net/index.ts';
import { simulatedAuthority } from '../net/sim/index.ts';
import { saslUsers } from '../sasl/index.ts';
import { receivedLine, returnPathLine } from './index.ts';

describe('secrets', () => {
  const authority = simulatedAuthority('ca');
  const certificate = authority.issue(['hamburger.edu']);
  const secure = { certificateFor: () => certificate };
  const tls = { serverName: 'hamburger.edu', authorities: [authority.certificate] };
  const luck = (length: number): Uint8Array => new Uint8Array(length).fill(7);
  const users = saslUsers({ alice: 'tea' }, luck);
  const good = { user: 'alice', password: 'tea' };

  it('STARTTLS begins anew, and then the password may be said', async () => {
    const on = await stage({ secure, users: { verify: users.verify }, requireAuth: true });
    const send = async () => {
      const plain = await connect(on);
      expect(plain.extensions.has('AUTH')).toBe(false);
      const refused = plain.send({ from: ALICE, to: [{ path: BOB }] }, 'x\r\n');
      await expect(refused).rejects.toMatchObject({ reply: 530 });
      const client = await connect(on, { security: 'starttls', tls });
      expect(client.extensions.get('AUTH')).toEqual(['PLAIN', 'LOGIN']);
      expect(client.extensions.has('STARTTLS')).toBe(false);
      await client.auth(good);
      return client.send({ from: ALICE, to: [{ path: BOB }] }, 'x\r\n');
    };
    expect(await on.world.run(send())).toMatchObject({ reply: { code: 250 } });
    const peer = on.messages[0]?.peer;
    expect(peer).toMatchObject({ secure: true, user: 'alice' });
    expect(receivedLine(peer as NonNullable<typeof peer>, { at: 0, id: '1', to: BOB })).toBe(
      `Received: from crepes.fr ([${on.client.address}])\r\n\tby hamburger.edu with ESMTPSA id 1\r\n\tfor <bob@hamburger.edu>;\r\n\tThu, 1 Jan 1970 00:00:00 +0000\r\n`,
    );
    expect(returnPathLine(null)).toBe('Return-Path: <>\r\n');
  });

  it('words in clear behind STARTTLS are nobody’s (RFC 3207 §6)', async () => {
    const on = await stage({ secure });
    const type = async () => {
      const typist = await Typist.at(on);
      const said = await typist.say('STARTTLS\r\nMAIL FROM:<evil@b.c>\r\nRCPT TO:<d@e.f>\r\n');
      const { connection } = typist.reader;
      const mine = await on.client.network.secure?.(connection, { role: 'client', ...tls });
      const reader = new ByteReader(mine as typeof connection);
      await reader.write(latin1('NOOP\r\nDATA\r\n'));
      return [said, await reader.readLine(), await reader.readLine()];
    };
    expect(await on.world.run(type())).toEqual([
      '220 2.0.0 Ready to start TLS',
      '250 2.0.0 OK',
      '503 5.5.1 Say EHLO or HELO first',
    ]);
  });

  it('TLS comes first where it is implicit', async () => {
    const on = await stage({ secure, implicitTls: true });
    const client = await on.world.run(connect(on, { security: 'implicit', tls }));
    expect(client.secure).toBe(true);
    const other = { serverName: 'other.edu', authorities: [authority.certificate] };
    await expect(
      on.world.run(connect(on, { security: 'implicit', tls: other })),
    ).rejects.toMatchObject({ code: 'NET_INSECURE' });
  });

  it('nothing of weight is said where TLS must come first', async () => {
    const on = await stage({ secure, requireTls: true });
    const type = async () => {
      const typist = await Typist.at(on);
      await typist.reader.write(latin1('EHLO c\r\nMAIL FROM:<>\r\nNOOP\r\n'));
      return typist.all(3);
    };
    expect(await on.world.run(type())).toEqual(['250', '530', '250']);
    await expect(
      on.world.run(connect(on, { security: 'starttls', tls: { serverName: 'x' } })),
    ).rejects.toMatchObject({ code: 'NET_INSECURE' });
  });

  it('a client that wants TLS takes nothing less, unless it does not mind', async () => {
    const on = await stage();
    await expect(on.world.run(connect(on, { security: 'starttls' }))).rejects.toMatchObject({
      code: 'SMTP_NOT_OFFERED',
    });
    const client = await on.world.run(connect(on, { security: 'opportunistic' }));
    expect(client.secure).toBe(false);
  });

  it.each([
    [users, 'AUTH SCRAM-SHA-256'],
    [{ password: users.password }, 'AUTH CRAM-MD5'],
    [{ verify: users.verify }, 'AUTH PLAIN'],
  ])('the best mechanism is taken (%#)', async (some, begins) => {
    const on = await stage({ users: some, plaintext: true });
    const said: string[] = [];
    const observe = (_: string, line: string): void => void said.push(line);
    const client = await on.world.run(connect(on, { observe }));
    await on.world.run(client.auth(good, { plaintext: true }));
    expect(said.some((line) => line.startsWith(begins))).toBe(true);
    expect(said.at(-1)).toBe('235 2.7.0 Authentication succeeded');
    await expect(on.world.run(client.auth(good, { plaintext: true }))).rejects.toMatchObject({
      reply: 503,
    });
  });

  it.each([
    ['AUTH FOO\r\n', '504 5.5.4'],
    ['AUTH PLAIN\r\n', '538 5.7.11'],
    ['AUTH CRAM-MD5 eA==\r\n', '501 5.7.0'],
    ['AUTH SCRAM-SHA-256 !\r\n', '501 5.5.2'],
    ['AUTH SCRAM-SHA-256 =\r\n', '501 5.5.2'],
    [`AUTH SCRAM-SHA-256 ${base64(utf8('x'))}\r\n`, '501 5.5.2'],
    ['AUTH SCRAM-SHA-256\r\n*\r\n', '334 |501 5.7.0'],
    [`AUTH SCRAM-SHA-256\r\n${'x'.repeat(13_000)}\r\n`, '334 |500 5.5.6'],
    [`AUTH CRAM-MD5\r\n${base64(utf8(`x ${'0'.repeat(32)}`))}\r\n`, '334 |535 5.7.8'],
  ])('%j is %s', async (text, expected) => {
    const on = await stage({ users });
    const type = async () => {
      const typist = await Typist.at(on);
      await typist.say('EHLO c\r\n');
      await typist.reader.write(latin1(text));
      const replies: string[] = [];
      for (const reply of expected.split('|'))
        replies.push((await typist.reply()).slice(0, reply.length));
      return replies.join('|');
    };
    expect(await on.world.run(type())).toBe(expected);
  });

  it('guessing takes longer each time, and ends after five attempts', async () => {
    const on = await stage({ users, plaintext: true });
    const type = async () => {
      const typist = await Typist.at(on);
      await typist.say('EHLO c\r\n');
      const guess = `AUTH PLAIN ${base64(utf8('\0alice\0no'))}\r\n`;
      await typist.reader.write(latin1(guess.repeat(6)));
      return typist.all(6);
    };
    const last = ['535', '535', '421', 'clo'];
    const began = on.world.now;
    expect(await on.world.run(type())).toEqual(['535', '535', ...last]);
    expect(Math.floor((on.world.now - began) / 1000)).toBe(1 + 2 + 4 + 8 + 16);
  });
});
