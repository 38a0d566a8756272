/** Who gets in, and how: USER and PASS, APOP, AUTH, STLS. */
import { describe, expect, it } from 'vitest';
import { BOB, connect, type Stage, signedIn, stage, Typist } from '../../test/pop3/stage.ts';
import { base64 } from '../lib/base64.ts';
import { utf8 } from '../lib/bytes.ts';
import { sleep } from '../net/index.ts';
import { simulatedAuthority } from '../net/sim/index.ts';
import { apopDigest, saslUsers } from '../sasl/index.ts';
import { Pop3Client, servePop3 } from './index.ts';

const authority = simulatedAuthority('Test CA');
const secure = { certificateFor: () => authority.issue(['hamburger.edu']) };
const tls = { serverName: 'hamburger.edu', authorities: [authority.certificate] };

async function typed(at: Stage, lines: readonly string[]): Promise<string[]> {
  const play = async (): Promise<string[]> => {
    const typist = await Typist.at(at);
    const said: string[] = [];
    for (const line of lines) said.push(await typist.say(line));
    typist.reader.destroy();
    return said;
  };
  return (await at.world.run(play())) as string[];
}

describe('APOP', () => {
  it('is as in RFC 1939 §7', () => {
    expect(apopDigest('<1896.697170952@dbc.mtview.ca.us>', 'tanstaaf')).toBe(
      'c4c9334bac560ecc979e58001b3e22fb',
    );
  });

  it('lets in who knows the password, with the timestamp of this greeting', async () => {
    const at = await stage();
    const play = async (): Promise<void> => {
      const bob = await Typist.at(at);
      const stamp = /<.*>/.exec(bob.greeting)?.[0] ?? '';
      expect(await bob.say(`APOP eve ${apopDigest(stamp, 'hungry')}`)).toBe(
        '-ERR [AUTH] Name or password is wrong',
      );
      expect(await bob.say(`APOP nobody ${apopDigest(stamp, 'hungry')}`)).toMatch(/^-ERR \[AUTH\]/);
      const other = await Typist.at(at);
      const digest = apopDigest(stamp, 'hungry');
      expect(await other.say(`APOP bob ${digest}`)).toMatch(/^-ERR \[AUTH\]/);
      expect(await bob.say(`APOP bob ${digest.toUpperCase()}`)).toMatch(/^\+OK 2 messages/);
      for (const one of [bob, other]) one.reader.destroy();
    };
    await at.world.run(play());
  });

  it('is not offered where passwords are not kept', async () => {
    const at = await stage({ apop: false });
    const said = await typed(at, [`APOP bob ${'0'.repeat(32)}`]);
    expect(said[0]).toMatch(/^-ERR APOP is not offered/);
  });
});

describe('USER and PASS', () => {
  it('take names and passwords with spaces, in any order of trying', async () => {
    const at = await stage();
    const said = await typed(at, [
      'PASS hungry',
      'USER bob',
      'STAT',
      'PASS  hungry',
      'PASS hungry',
      'USER nobody',
      'PASS x y',
      'USER bob',
      'PASS hungry',
      'USER bob',
    ]);
    expect(said.map((line) => line.replace(/^(\+OK|-ERR) .*(first|wrong).*/, '$1 $2'))).toEqual([
      '-ERR first',
      '+OK And the password?',
      '-ERR first',
      '-ERR wrong',
      '-ERR first',
      '+OK And the password?',
      '-ERR wrong',
      '+OK And the password?',
      expect.stringMatching(/^\+OK 2 messages/),
      '-ERR USER comes before signing in, and you have signed in',
    ]);
  });

  it('are not said in clear, unless that is allowed', async () => {
    const at = await stage({ plaintext: false });
    const said = await typed(at, ['USER bob', `AUTH PLAIN ${base64(utf8('\0bob\0hungry'))}`]);
    expect(said).toEqual([
      '-ERR Passwords are not said in clear here: say STLS first',
      '-ERR PLAIN needs TLS: say STLS first',
    ]);
  });

  it('each wrong guess takes two seconds, and the fifth ends the session', async () => {
    const at = await stage();
    const start = at.world.now;
    const guess = ['USER bob', 'PASS wrong'];
    const said = await typed(at, [...guess, ...guess, ...guess, ...guess, ...guess, 'USER bob']);
    expect(said.filter((line) => line.startsWith('-ERR [AUTH]'))).toHaveLength(5);
    expect(said.at(-1)).toBe('closed');
    expect(at.world.now - start).toBeGreaterThan(10_000);
  });

  it('who goes while the password is looked at leaves no lock behind', async () => {
    const at = await stage();
    const verify = async (): Promise<boolean> => {
      await sleep(at.server.clock, 500);
      return true;
    };
    const store = Object.create(at.store, { users: { value: { verify } } });
    const play = async (): Promise<void> => {
      await servePop3(at.server, { port: 111, store, plaintext: true });
      const bob = await Typist.at(at, 111);
      await bob.say('USER bob');
      await bob.reader.write(utf8('PASS hungry\r\n'));
      await sleep(at.client.clock, 100);
      bob.reader.destroy();
      await sleep(at.client.clock, 1_000);
      expect(at.bob.locked).toBe(false);
    };
    await at.world.run(play());
  });
});

describe('AUTH', () => {
  it.each(['SCRAM-SHA-256', 'CRAM-MD5', 'PLAIN'])('%s by the client', async (mechanism) => {
    const at = await stage();
    const users = saslUsers({ bob: 'hungry' }, (length) => at.server.random.bytes(length));
    const { verify, password, scramKeys } = users;
    const only = {
      'SCRAM-SHA-256': { scramKeys },
      'CRAM-MD5': { password },
      PLAIN: { verify },
    }[mechanism];
    const store = Object.create(at.store, { users: { value: only } });
    const play = async (): Promise<string[]> => {
      await servePop3(at.server, { port: 111, store, plaintext: true, apop: false });
      const lines: string[] = [];
      const client = await Pop3Client.connect(
        at.client,
        { address: at.server.address, port: 111 },
        { observe: (who, line) => lines.push(`${who}: ${line}`) },
      );
      await expect(
        client.login({ ...BOB, password: 'x' }, { plaintext: true, by: 'sasl' }),
      ).rejects.toMatchObject({
        code: 'POP3_REFUSED',
        answer: { code: 'AUTH' },
      });
      await client.login(BOB, { plaintext: true });
      expect(await client.stat()).toMatchObject({ count: 2 });
      await client.quit();
      return lines;
    };
    const lines = (await at.world.run(play())) as string[];
    expect(lines).toContain(`C: AUTH ${mechanism}`);
    expect(lines.join('\n')).not.toContain(base64(utf8('hungry')));
  });

  it('says what is wrong with it', async () => {
    const at = await stage();
    const said = await typed(at, [
      'AUTH NTLM',
      'AUTH CRAM-MD5 YQ==',
      'AUTH PLAIN',
      '*',
      'AUTH PLAIN !',
      'AUTH PLAIN =',
      `AUTH PLAIN ${base64(utf8('bob\0bob\0hungry'))}`,
      'AUTH PLAIN =',
    ]);
    expect(said).toEqual(
      [
        '-ERR No such mechanism here; CAPA lists them',
        '-ERR In that mechanism the server begins',
        '+',
        '-ERR Authentication cancelled',
        '-ERR That is not base64',
        '-ERR PLAIN is NUL name NUL password',
        expect.stringMatching(/^\+OK 2 messages/),
        '-ERR AUTH comes before signing in, and you have signed in',
      ].map((one) => (one === '+' ? '+ ' : one)),
    );
  });

  it('alone lists the mechanisms, for old clients', async () => {
    const at = await stage({ plaintext: false });
    const play = async (): Promise<void> => {
      const typist = await Typist.at(at);
      expect(await typist.say('AUTH')).toMatch(/^\+OK/);
      expect(await typist.lines()).toEqual(['SCRAM-SHA-256', 'CRAM-MD5']);
      typist.reader.destroy();
    };
    await at.world.run(play());
  });
});

describe('TLS', () => {
  it('STLS: what is offered changes, and the password may be said', async () => {
    const at = await stage({ secure, plaintext: false, apop: false });
    const play = async (): Promise<void> => {
      const clear = await connect(at);
      expect([...(await clear.capa()).keys()]).toContain('STLS');
      expect([...(await clear.capa()).keys()]).not.toContain('USER');
      await expect(clear.login(BOB, { by: 'user' })).rejects.toMatchObject({
        code: 'POP3_NOT_OFFERED',
      });
      await clear.quit();
      const client = await connect(at, { security: 'starttls', tls });
      expect(client.secure).toBe(true);
      const capabilities = await client.capa();
      expect([...capabilities.keys()]).not.toContain('STLS');
      expect(capabilities.get('SASL')).toContain('PLAIN');
      await client.login(BOB, { by: 'user' });
      expect((await client.stat()).count).toBe(2);
      await client.quit();
    };
    await at.world.run(play());
  });

  it('what came in clear behind STLS is thrown away', async () => {
    const at = await stage({ secure });
    const play = async (): Promise<void> => {
      const typist = await Typist.at(at);
      await typist.say('USER bob');
      await typist.reader.write(utf8('STLS\r\nPASS hungry\r\nSTAT\r\n'));
      expect(await typist.line()).toBe('+OK Begin TLS negotiation');
      const connection = await at.client.network.secure?.(typist.reader.connection, {
        role: 'client',
        ...tls,
      });
      const heard: number[] = [];
      connection?.attach({ onData: (bytes) => heard.push(...bytes), onClose() {} });
      connection?.write(utf8('NOOP\r\nQUIT\r\n'));
      connection?.end();
      await sleep(at.client.clock, 500);
      expect(String.fromCharCode(...heard)).toBe(
        '-ERR Sign in first: USER name, PASS password\r\n+OK Bye\r\n',
      );
    };
    await at.world.run(play());
    await at.world.run();
  });

  it('before all else on port 995; nobody signs in elsewhere where that is asked for', async () => {
    const at = await stage({ secure, requireTls: true });
    const play = async (): Promise<void> => {
      await servePop3(at.server, { store: at.store, secure, implicitTls: true });
      const to = { address: at.server.address, port: 995 };
      const client = await Pop3Client.connect(at.client, to, { security: 'implicit', tls });
      await client.login(BOB);
      await client.quit();
      const clear = await connect(at);
      expect((await clear.capa()).get('SASL')).toBeUndefined();
      expect(clear.greeting).not.toContain('<');
      await expect(clear.login(BOB, { plaintext: true })).rejects.toMatchObject({
        code: 'POP3_REFUSED',
      });
      await clear.quit();
    };
    await at.world.run(play());
  });

  it('is not pretended', async () => {
    const at = await stage();
    expect(await typed(at, ['STLS'])).toEqual(['-ERR TLS is not spoken here']);
    const play = connect(at, { security: 'starttls' });
    await expect(at.world.run(play)).rejects.toMatchObject({ code: 'POP3_NOT_OFFERED' });
  });
});

it('the client takes the best way in clear: SCRAM, APOP where there is no SASL', async () => {
  const at = await stage();
  const play = async (): Promise<string[]> => {
    const lines: string[] = [];
    const client = await signedIn(at, { observe: (who, line) => lines.push(`${who}: ${line}`) });
    await client.quit();
    const other = await connect(at, { observe: (who, line) => lines.push(`${who}: ${line}`) });
    await other.login(BOB, { by: 'apop' });
    await other.quit();
    return lines;
  };
  const lines = (await at.world.run(play())) as string[];
  expect(lines).toContain('C: AUTH SCRAM-SHA-256');
  expect(lines.some((line) => /^C: APOP bob [0-9a-f]{32}$/.test(line))).toBe(true);
});
