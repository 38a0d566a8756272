/** What is said in sessions: order, numbers, deletions, and what QUIT does. */
import { describe, expect, it } from 'vitest';
import { FIRST, SECOND, type Stage, stage, Typist } from '../../test/pop3/stage.ts';
import { latin1, utf8 } from '../lib/bytes.ts';
import type { Account } from '../mail/index.ts';
import { decodeWords, parseAddresses, parseMessage } from '../mime/index.ts';

async function played(at: Stage, play: (typist: Typist) => Promise<void>): Promise<void> {
  const session = async (): Promise<void> => {
    const typist = await Typist.at(at);
    await play(typist);
    typist.reader.destroy();
  };
  await at.world.run(session());
}

describe('a session', () => {
  it('as in the course: signing in, the list, messages, deletion, QUIT', async () => {
    const at = await stage();
    await played(at, async (bob) => {
      expect(bob.greeting).toMatch(/^\+OK hamburger\.edu .*<\S+@hamburger\.edu>$/);
      expect(await bob.say('user bob')).toBe('+OK And the password?');
      expect(await bob.say('pass hungry')).toBe(
        `+OK 2 messages, ${FIRST.length + SECOND.length} octets`,
      );
      expect(await bob.say('STAT')).toBe(`+OK 2 ${FIRST.length + SECOND.length}`);
      expect(await bob.say('list')).toBe('+OK 2 messages');
      expect(await bob.lines()).toEqual([`1 ${FIRST.length}`, `2 ${SECOND.length}`]);
      expect(await bob.say('retr 1')).toBe(`+OK ${FIRST.length} octets`);
      expect(await bob.lines()).toEqual(['Subject: one', '', 'How about', '..pickles?']);
      expect(await bob.say('dele 1')).toMatch(/^\+OK/);
      expect(await bob.say('quit')).toBe('+OK 1 deleted, 1 left');
      expect(await bob.line()).toBe('closed');
    });
    expect(at.bob.text).toBe(SECOND);
    expect(at.bob.locked).toBe(false);
    expect(at.errors).toEqual([]);
  });

  it('numbers stay as they are while messages are marked, and RSET takes the marks back', async () => {
    const at = await stage();
    await played(at, async (bob) => {
      await bob.signIn();
      expect(await bob.say('DELE 1')).toMatch(/^\+OK/);
      expect(await bob.say('DELE 1')).toBe(
        '-ERR Message 1 is marked as deleted; RSET takes that back',
      );
      expect(await bob.say('RETR 1')).toMatch(/^-ERR Message 1 is marked/);
      expect(await bob.say('STAT')).toBe(`+OK 1 ${SECOND.length}`);
      expect(await bob.say('LIST')).toBe('+OK 1 message');
      expect(await bob.lines()).toEqual([`2 ${SECOND.length}`]);
      expect(await bob.say('UIDL')).toBe('+OK 1 message');
      expect(await bob.lines()).toEqual([`2 ${at.bob.id(2)}`]);
      expect(await bob.say('LIST 2')).toBe(`+OK 2 ${SECOND.length}`);
      expect(await bob.say('LIST 1')).toMatch(/^-ERR/);
      expect(await bob.say('RSET')).toMatch(/^\+OK 2 messages/);
      expect(await bob.say('UIDL 1')).toBe(`+OK 1 ${at.bob.id(1)}`);
      expect(await bob.say('QUIT')).toBe('+OK Bye');
    });
    expect(at.bob.messages).toHaveLength(2);
  });

  it('mail that comes meanwhile is for the next session', async () => {
    const at = await stage();
    await played(at, async (bob) => {
      await bob.signIn();
      await at.bob.put(latin1('three\r\n'));
      expect(await bob.say('STAT')).toMatch(/^\+OK 2 /);
      expect(await bob.say('RETR 3')).toBe('-ERR No such message: there are 1 to 2');
      await bob.say('DELE 2');
      expect(await bob.say('QUIT')).toMatch(/^\+OK 1 deleted/);
    });
    expect(at.bob.messages.map(({ uid }) => uid)).toEqual([1, 3]);
  });

  it.each([
    [0, ['Subject: one', '']],
    [1, ['Subject: one', '', 'How about']],
    [9, ['Subject: one', '', 'How about', '..pickles?']],
  ])('TOP with %i lines', async (count, lines) => {
    const at = await stage();
    await played(at, async (bob) => {
      await bob.signIn();
      expect(await bob.say(`TOP 1 ${count}`)).toMatch(/^\+OK/);
      expect(await bob.lines()).toEqual(lines);
    });
  });

  it('one command and its response may be many, in one piece', async () => {
    const at = await stage();
    await played(at, async (bob) => {
      await bob.signIn();
      await bob.reader.write(latin1('RETR 2\r\nNOOP\r\nLIST 1\nDELE 2\r\nQUIT\r\nSTAT\r\n'));
      const text = await bob.rest();
      expect(text).toMatch(
        /^\+OK 26 octets\r\nSubject: two\r\n\r\nKetchup\.\r\n\.\r\n\+OK .*\r\n\+OK 1 38\r\n\+OK .*\r\n\+OK 1 deleted, 1 left\r\n$/,
      );
    });
  });
});

describe('deletions', () => {
  it.each(['without QUIT', 'with QUIT said to a disk that fails'])(
    '%s nothing is deleted',
    async (how) => {
      const at = await stage();
      at.store.failure = new Error('disk full');
      await played(at, async (bob) => {
        await bob.signIn();
        await bob.say('DELE 1');
        if (how.startsWith('without')) return;
        expect(await bob.say('QUIT')).toBe(
          '-ERR [SYS/TEMP] Nothing was deleted: the server failed',
        );
        expect(await bob.line()).toBe('closed');
      });
      await at.world.run();
      expect(at.bob.messages).toHaveLength(2);
      expect(at.bob.locked).toBe(false);
      expect(at.errors).toHaveLength(how.startsWith('without') ? 0 : 1);
    },
  );

  it('QUIT deletes although the client does not wait for its response; the next one waits for the lock', async () => {
    const at = await stage();
    at.store.commitMs = 200;
    await played(at, async (bob) => {
      await bob.signIn();
      await bob.reader.write(latin1('DELE 1\r\nQUIT\r\n'));
      await bob.line();
    });
    await played(at, async (next) => {
      await next.say('USER bob');
      expect(await next.say('PASS hungry')).toMatch(/^-ERR \[IN-USE\]/);
    });
    await at.world.run();
    expect(at.bob.messages).toHaveLength(1);
    expect(at.bob.locked).toBe(false);
  });

  it('after ten minutes of silence the connection is closed without a word, and nothing is deleted', async () => {
    const at = await stage();
    await played(at, async (bob) => {
      await bob.signIn();
      await bob.say('DELE 1');
      expect(await bob.line()).toBe('closed');
      expect(at.world.now).toBeGreaterThan(600_000);
      expect(at.world.now).toBeLessThan(601_000);
    });
    expect(at.bob.messages).toHaveLength(2);
    expect(at.bob.locked).toBe(false);
    await at.world.run();
  });

  it('a message that another program removed is missed in words, and QUIT is right all the same', async () => {
    const at = await stage();
    await played(at, async (bob) => {
      await bob.signIn();
      await at.bob.remove(1);
      expect(await bob.say('RETR 1')).toBe(
        '-ERR That message is gone: it was removed by another program',
      );
      expect(await bob.say('TOP 1 0')).toMatch(/^-ERR That message is gone/);
      await bob.say('DELE 1');
      expect(await bob.say('QUIT')).toMatch(/^\+OK/);
    });
    expect(at.bob.text).toBe(SECOND);
  });
});

describe('the maildrop', () => {
  it('is for one session at a time', async () => {
    const at = await stage();
    await played(at, async (bob) => {
      await bob.signIn();
      const other = await Typist.at(at);
      await other.say('USER bob');
      expect(await other.say('PASS hungry')).toBe(
        '-ERR [IN-USE] Another POP3 session has this maildrop',
      );
      await bob.say('QUIT');
      await other.say('USER bob');
      expect(await other.say('PASS hungry')).toMatch(/^\+OK/);
      other.reader.destroy();
    });
    await at.world.run();
    expect(at.bob.locked).toBe(false);
  });

  it('is empty, in good words', async () => {
    const at = await stage({}, []);
    await played(at, async (bob) => {
      await bob.signIn();
      expect(await bob.say('LIST')).toBe('+OK 0 messages');
      expect(await bob.lines()).toEqual([]);
      expect(await bob.say('RETR 1')).toBe('-ERR No such message: the maildrop is empty');
    });
  });
});

describe('a header beyond ASCII', () => {
  const message = utf8('Subject: Grüße\r\nTo: Bö <b@c.d>, é@f.g\r\n\r\nö\r\n');
  it('is put in ASCII for who has not said UTF8', async () => {
    const at = await stage({}, []);
    await at.world.run(at.bob.put(message));
    await played(at, async (bob) => {
      await bob.signIn();
      await bob.say('RETR 1');
      const shown = (await bob.lines()).join('\r\n');
      expect(shown).toMatch(/^[ -~\r\n]+\r\n\r\n\xc3\xb6$/);
      const { root } = parseMessage(latin1(shown));
      expect(decodeWords(root.fields.get('Subject') ?? '')).toBe('Grüße');
      expect(parseAddresses(root.fields.get('To') ?? '')).toEqual([
        { name: 'Bö', local: 'b', domain: 'c.d' },
        { group: 'Internationalized Address é@f.g Removed', members: [] },
      ]);
    });
  });

  it('is put in ASCII in a large message too, whose first lines are stored apart', async () => {
    const at = await stage({}, []);
    const { mail } = at.store;
    const big = latin1(`Subject: \xc3\xb6\r\n\r\n${'x'.repeat(70).concat('\r\n').repeat(10_000)}`);
    const to = { account: mail.account('bob') as Account, prefix: utf8('X-To: bob\r\n') };
    await at.world.run(mail.deliver(mail.stageBytes(big), [to]));
    await played(at, async (bob) => {
      await bob.signIn();
      expect(await bob.say('RETR 1')).toBe(`+OK ${11 + big.length + 14} octets`);
      const [first, second, third, ...rest] = await bob.lines();
      expect([first, second, third]).toEqual(['X-To: bob', 'Subject: =?utf-8?B?w7Y=?=', '']);
      expect(rest).toHaveLength(10_000);
    });
  });

  it('is sent as it is after UTF8', async () => {
    const at = await stage({}, []);
    await at.world.run(at.bob.put(message));
    await played(at, async (bob) => {
      expect(await bob.say('UTF8')).toMatch(/^\+OK/);
      await bob.signIn();
      expect(await bob.say('RETR 1')).toBe(`+OK ${message.length} octets`);
      expect((await bob.lines())[0]).toBe('Subject: Gr\xc3\xbc\xc3\x9fe');
    });
  });
});
