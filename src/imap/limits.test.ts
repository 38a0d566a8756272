/** What is bounded: lines, literals, sessions, guesses, time; and a store that says no. */
import { describe, expect, it } from 'vitest';
import { connect, fill, letter, stage, Typist } from '../../test/imap/stage.ts';
import { latin1 } from '../lib/bytes.ts';
import { deferred } from '../lib/deferred.ts';
import { FileError } from '../lib/errors.ts';
import { APPEND_LIMIT, DISCARD_LIMIT, OUTPUT_CHUNK } from './defaults.ts';
import { ImapClient } from './index.ts';

describe('limits', () => {
  it('of lines and literals are told with the tag, and the session goes on', async () => {
    const s = await stage();
    const run = async (): Promise<string[]> => {
      const typist = await Typist.at(s);
      return [
        ...(await typist.say(`a LOGIN ${'x'.repeat(70_000)} y`)),
        ...(await typist.say('b LOGIN {5000}')),
        ...(await typist.say('c LOGIN alice tea')).slice(-1),
        ...(await typist.say('d CREATE {65537}')),
        ...(await typist.say(`e CREATE {65537+}\r\n${'x'.repeat(65_537)}\r\nf NOOP`)),
        ...(await typist.say(
          `g SEARCH ${'TEXT {65000+}\r\n'}${'x'.repeat(65_000)}${` TEXT {65000+}\r\n${'x'.repeat(65_000)}`.repeat(4)}\r\nh NOOP`,
        )),
        ...(await typist.say(`i APPEND INBOX {${APPEND_LIMIT + 1}}`)),
        ...(await typist.say('j NOOP')),
      ].map((line) => line.replace(/CAPABILITY [^\]]*/, ''));
    };
    expect(await s.world.run(run())).toEqual([
      'a BAD The line is too long',
      'b NO [TOOBIG] No literal of more than 4096 octets here',
      'c OK [] Welcome',
      'd NO [TOOBIG] No literal of more than 65536 octets here',
      'e NO [TOOBIG] No literal of more than 65536 octets here',
      'f OK NOOP completed',
      'g NO [TOOBIG] No literal of more than 65536 octets here',
      'h OK NOOP completed',
      `i NO [TOOBIG] No message of more than ${APPEND_LIMIT} octets`,
      'j OK NOOP completed',
    ]);
  });

  it('of what is thrown away end the connection', async () => {
    const s = await stage();
    const run = async (): Promise<string[]> =>
      (await Typist.at(s)).say(`a LOGIN {${DISCARD_LIMIT + 1}+}`);
    expect(await s.world.run(run())).toEqual([
      '* BYE More was sent than can be thrown away',
      'closed',
    ]);
  });

  it('of errors and sessions', async () => {
    const s = await stage({ errorsLimit: 2, sessionsLimit: 1 });
    const run = async (): Promise<string[]> => {
      const typist = await Typist.at(s);
      const to = { address: s.server.address, port: 143 };
      await expect(ImapClient.connect(s.client, to)).rejects.toMatchObject({
        status: 'BYE',
        responseCode: 'UNAVAILABLE',
      });
      return typist.say('a FROB\r\nb NOOP\r\nc FROB\r\nd FROB\r\ne FROB\r\nf NOOP');
    };
    expect((await s.world.run(run())).slice(-3)).toEqual([
      'e BAD There is no command FROB',
      '* BYE Too many errors',
      'closed',
    ]);
  });

  it('of guesses: each is answered later, and then no more', async () => {
    const s = await stage();
    const run = async (): Promise<unknown[]> => {
      const typist = await Typist.at(s);
      const seen: unknown[] = [];
      for (const tag of ['a', 'b', 'c', 'd', 'e']) {
        const before = s.world.now;
        const [line = ''] = await typist.say(
          `${tag} LOGIN ${tag === 'b' ? 'nobody' : 'alice'} coffee`,
        );
        seen.push([line, Math.round((s.world.now - before) / 1000)]);
      }
      return [...seen, await typist.line()];
    };
    const wrong = 'NO [AUTHENTICATIONFAILED] The name or the password is wrong';
    expect(await s.world.run(run())).toEqual([
      [`a ${wrong}`, 1],
      [`b ${wrong}`, 2],
      [`c ${wrong}`, 4],
      [`d ${wrong}`, 8],
      [`e ${wrong}`, 16],
      '* BYE Too many attempts to sign in',
    ]);
  });

  it('of passwords in clear', async () => {
    const s = await stage({ plaintext: false });
    const run = async (): Promise<string[]> => {
      const typist = await Typist.at(s);
      return [
        ...(await typist.say('a CAPABILITY')),
        ...(await typist.say('b LOGIN alice tea')),
        ...(await typist.say('c AUTHENTICATE PLAIN')),
        ...(await typist.say('d STARTTLS')),
      ];
    };
    const [capability, , ...rest] = await s.world.run(run());
    expect(capability).toMatch(/LOGINDISABLED/);
    expect(capability).not.toMatch(/AUTH=PLAIN/);
    expect(rest).toEqual([
      'b NO [PRIVACYREQUIRED] Passwords are not said in clear here; STARTTLS first',
      'c NO [PRIVACYREQUIRED] That mechanism needs STARTTLS first',
      'd NO [CANNOT] TLS is not spoken here',
    ]);
  });

  it('of time: who says nothing, or half a command; who idles is told that we are still here', async () => {
    const s = await stage();
    const wait = async (typist: Typist): Promise<unknown[]> => {
      const before = s.world.now;
      const lines: string[] = [];
      for (let line = await typist.line(); line !== 'closed'; line = await typist.line())
        lines.push(line);
      return [lines.at(-1), Math.round((s.world.now - before) / 60_000)];
    };
    const run = async (): Promise<unknown[]> => {
      const half = await Typist.signedIn(s);
      await half.reader.write(latin1('b APPEND INBOX {10+}\r\nabc'));
      const idler = await Typist.signedIn(s);
      await idler.reader.write(latin1('b IDLE\r\n'));
      expect(await idler.line()).toBe('+ idling');
      const waits = [
        wait(await Typist.at(s)),
        wait(half),
        wait(await Typist.signedIn(s)),
        wait(idler),
      ];
      return Promise.all(waits);
    };
    const bye = '* BYE Nothing came for too long';
    expect(await s.world.run(run())).toEqual([
      [bye, 3],
      [bye, 5],
      [bye, 30],
      [bye, 30],
    ]);
  });
});

it('a client that does not read holds little, and is left in the end', async () => {
  const s = await stage();
  let asked = 0;
  const read = s.account.bytes.bind(s.account);
  s.account.bytes = (content) => {
    asked++;
    return read(content);
  };
  const run = async (): Promise<unknown> => {
    await fill(
      s,
      'INBOX',
      Array.from({ length: 50 }, () => ({ text: 'x'.repeat(200_000) })),
    );
    const to = { address: s.server.address, port: 143 };
    const connection = await s.client.network.connect(to);
    connection.write(latin1('a LOGIN alice tea\r\nb SELECT INBOX\r\nc FETCH 1:* BODY.PEEK[]\r\n'));
    const began = s.world.now;
    const closed = deferred<unknown>();
    connection.attach({
      onData: () => connection.pause(),
      onClose: ({ kind }) => closed.resolve([kind, Math.round((s.world.now - began) / 60_000)]),
    });
    return closed.promise;
  };
  expect(await s.world.run(run())).toEqual(['reset', 5]);
  expect(asked * 200_000).toBeLessThan(30 * OUTPUT_CHUNK);
  expect(s.errors).toEqual([]);
});

describe('a store that says no', () => {
  it('is quoted, or hidden', async () => {
    const s = await stage();
    const run = async (): Promise<void> => {
      const client = await connect(s);
      s.account.append = () => Promise.reject(new FileError('no-space', '/mail'));
      await expect(client.append('INBOX', { octets: letter() })).rejects.toMatchObject({
        responseCode: 'UNAVAILABLE',
      });
      s.account.append = () => Promise.reject(new Error('a fault of ours'));
      await expect(client.append('INBOX', { octets: letter() })).rejects.toMatchObject({
        responseCode: 'SERVERBUG',
      });
      await client.noop();
    };
    await s.world.run(run());
    expect(s.errors).toHaveLength(1);
  });

  it('in the middle of a message is heard after it', async () => {
    const s = await stage();
    const run = async (): Promise<void> => {
      const stageOne = s.store.stage.bind(s.store);
      s.store.stage = () => {
        const staging = stageOne();
        const add = staging.add.bind(staging);
        let count = 0;
        staging.add = (bytes) =>
          ++count > 2 ? Promise.reject(new FileError('no-space', '/mail')) : add(bytes);
        return staging;
      };
      const client = await connect(s);
      const octets = letter({ text: 'x'.repeat(500_000) });
      await expect(client.append('INBOX', { octets })).rejects.toMatchObject({
        responseCode: 'UNAVAILABLE',
      });
      expect((await client.select('INBOX')).exists).toBe(0);
    };
    await s.world.run(run());
  });
});
