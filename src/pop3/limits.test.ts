/** Bad input and too much of anything: words that help, and an end. */
import { describe, expect, it } from 'vitest';
import { FIRST, type Stage, stage, Typist } from '../../test/pop3/stage.ts';
import { latin1 } from '../lib/bytes.ts';
import { sleep } from '../net/index.ts';
import { ERRORS_LIMIT, type Pop3Store, servePop3 } from './index.ts';

async function said(at: Stage, ...texts: readonly string[]): Promise<string[]> {
  const play = async (): Promise<string[]> => {
    const typist = await Typist.at(at);
    const lines: string[] = [];
    for (const text of texts) lines.push(await typist.say(text));
    typist.reader.destroy();
    return lines;
  };
  return (await at.world.run(play())) as string[];
}

describe('who types by hand', () => {
  it.each([
    ['HELP', /^-ERR Unknown command; there are USER, PASS, .*, QUIT$/],
    ['', /^-ERR Unknown command/],
    ['GET / HTTP/1.1', /web server/],
    ['EHLO me', /that is SMTP/],
    ['USER', '-ERR The form is USER name'],
    ['APOP bob', '-ERR The form is APOP name digest (32 hexadecimal digits)'],
    ['RETR', '-ERR The form is RETR message'],
    ['RETR one', '-ERR The form is RETR message'],
    ['TOP 1', '-ERR The form is TOP message lines'],
    ['LIST -1', '-ERR The form is LIST [message]'],
    ['STAT now', '-ERR The form is STAT'],
    ['STAT', '-ERR Sign in first: USER name, PASS password'],
    ['USER a\0b', '-ERR A control character in the command'],
    ['USER \xff', '-ERR That is no text of ASCII or UTF-8'],
    ['USER a\rb', '-ERR A line ends with CR LF, not with CR alone'],
    [`USER ${'x'.repeat(300)}`, '-ERR The line is too long'],
    [`USER ${'x'.repeat(20_000)}`, '-ERR The line is too long'],
    ['  CAPA', /^-ERR Unknown command/],
  ])('%j', async (text, expected) => {
    const [line] = await said(await stage(), text);
    expect(line).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  it('may end lines with LF alone', async () => {
    const at = await stage();
    const play = async (): Promise<string> => {
      const typist = await Typist.at(at);
      await typist.reader.write(latin1('USER bob\nPASS hungry\nDELE 1\nQUIT\n'));
      return typist.rest();
    };
    expect(await at.world.run(play())).toMatch(/\+OK 1 deleted, 1 left\r\n$/);
  });
});

describe('too much', () => {
  it('errors end the session', async () => {
    const lines = await said(await stage(), ...Array.from({ length: ERRORS_LIMIT + 2 }, () => 'X'));
    expect(lines.slice(-2)).toEqual(['-ERR Too many errors', 'closed']);
  });

  it('sessions are told to come later', async () => {
    const at = await stage({ sessionsLimit: 1 });
    const play = async (): Promise<void> => {
      const first = await Typist.at(at);
      const second = await Typist.at(at);
      expect(second.greeting).toBe('-ERR [SYS/TEMP] Too many sessions; try again later');
      expect(await second.line()).toBe('closed');
      expect(await first.say('QUIT')).toMatch(/^\+OK/);
      await first.line();
      first.reader.end();
      await sleep(at.client.clock, 100);
      expect((await Typist.at(at)).greeting).toMatch(/^\+OK/);
    };
    await at.world.run(play());
  });

  it('commands ahead of their responses are read as they are answered', async () => {
    const at = await stage({ failureDelayMs: 60_000 });
    const play = async (): Promise<void> => {
      const typist = await Typist.at(at);
      await typist.say('USER bob');
      typist.reader.connection.write(latin1(`PASS wrong\r\n${'NOOP\r\n'.repeat(500_000)}`));
      await sleep(at.client.clock, 50_000);
      expect(typist.reader.connection.buffered).toBeGreaterThan(500_000);
      typist.reader.destroy();
    };
    await at.world.run(play());
  });
});

describe('a server that is closed', () => {
  it('lets what is being sent come to its end, and deletes nothing', async () => {
    const at = await stage({}, [`${'x'.repeat(70)}\r\n`.repeat(50_000), FIRST]);
    const server = await at.world.run(
      servePop3(at.server, { port: 111, store: at.store, plaintext: true }),
    );
    const play = async (): Promise<void> => {
      const typist = await Typist.at(at, 111);
      await typist.signIn();
      await typist.say('DELE 2');
      expect(await typist.say('RETR 1')).toMatch(/^\+OK/);
      const closed = server?.close({ graceMs: 60_000 });
      expect(await typist.lines()).toHaveLength(50_000);
      expect(await typist.line()).toBe('closed');
      typist.reader.destroy();
      await closed;
    };
    await at.world.run(play());
    expect(at.bob.messages).toHaveLength(2);
    expect(at.bob.locked).toBe(false);
  });
});

describe('a store that fails', () => {
  const failing = (at: Stage, over: Partial<Pop3Store>): Pop3Store =>
    Object.assign(Object.create(at.store), over);

  it.each<[string, (at: Stage) => Partial<Pop3Store>, RegExp]>([
    [
      'knows no mailbox',
      () => ({ account: () => undefined }),
      /^-ERR \[SYS\/PERM\] There is no mailbox/,
    ],
    [
      'cannot open it',
      () => ({
        open: () => {
          throw new Error('broken');
        },
      }),
      /^-ERR \[SYS\/TEMP\] The server failed/,
    ],
  ])('%s', async (_, over, words) => {
    const at = await stage();
    const store = failing(at, over(at));
    const errors: unknown[] = [];
    const onError = (error: unknown): void => void errors.push(error);
    await at.world.run(servePop3(at.server, { port: 111, store, plaintext: true, onError }));
    const play = async (): Promise<void> => {
      const typist = await Typist.at(at, 111);
      await typist.say('USER bob');
      expect(await typist.say('PASS hungry')).toMatch(words);
      typist.reader.destroy();
    };
    await at.world.run(play());
  });

  it('in the middle of a message: the connection breaks, so that it does not look whole', async () => {
    const at = await stage({}, [`${'x'.repeat(70)}\r\n`.repeat(20_000)]);
    const open: Pop3Store['open'] = (account) => ({
      ...at.store.open(account),
      *pieces() {
        yield latin1('half\r\n'.repeat(50_000));
        throw new Error('broken');
      },
    });
    const errors: unknown[] = [];
    const onError = (error: unknown): void => void errors.push(error);
    const store = failing(at, { open });
    await at.world.run(servePop3(at.server, { port: 111, store, plaintext: true, onError }));
    const play = async (): Promise<void> => {
      const typist = await Typist.at(at, 111);
      await typist.signIn();
      await typist.reader.write(latin1('RETR 1\r\n'));
      await expect(typist.rest()).rejects.toMatchObject({ code: 'NET_RESET' });
    };
    await at.world.run(play());
    expect(errors).toHaveLength(1);
    expect(at.bob.locked).toBe(false);
  });
});
