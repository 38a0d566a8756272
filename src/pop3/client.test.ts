/** The client: what it understands, what it takes home, what it leaves on the server. */
import { describe, expect, it } from 'vitest';
import { BOB, connect, FIRST, SECOND, signedIn, stage } from '../../test/pop3/stage.ts';
import { TestDrop } from '../../test/pop3/test-store.ts';
import { fromLatin1, latin1 } from '../lib/bytes.ts';
import type { Connection } from '../net/index.ts';
import { World } from '../net/sim/index.ts';
import { Pop3Client } from './index.ts';

describe('calls', () => {
  it('may be made all at once; each has its own response', async () => {
    const at = await stage();
    const play = async (): Promise<void> => {
      const client = await signedIn(at);
      const [stat, list, ids, top, first] = await Promise.all([
        client.stat(),
        client.list(),
        client.uidl(),
        client.top(2, 0),
        client.retr(1),
        client.noop(),
      ]);
      expect(stat).toEqual({ count: 2, size: FIRST.length + SECOND.length });
      expect(list).toEqual([
        { number: 1, size: FIRST.length },
        { number: 2, size: SECOND.length },
      ]);
      expect(ids).toEqual([
        { number: 1, uid: at.bob.id(1) },
        { number: 2, uid: at.bob.id(2) },
      ]);
      expect(fromLatin1(top)).toBe('Subject: two\r\n\r\n');
      expect(fromLatin1(first)).toBe(FIRST);
      await expect(client.retr(3)).rejects.toMatchObject({ code: 'POP3_REFUSED' });
      await client.dele(1);
      await client.rset();
      await client.quit();
    };
    await at.world.run(play());
    expect(at.bob.messages).toHaveLength(2);
  });

  it('a large message streams; what is not taken is passed over', async () => {
    const text = `Subject: big\r\n\r\n${`${'.'.repeat(70)}\r\n`.repeat(20_000)}`;
    const at = await stage({}, [text, SECOND]);
    const play = async (): Promise<void> => {
      const client = await signedIn(at);
      let all = '';
      for await (const piece of client.stream(1)) all += fromLatin1(piece);
      expect(all).toBe(text);
      for await (const _ of client.stream(1)) break;
      await expect(client.retr(1, { limit: 1_000 })).rejects.toMatchObject({
        code: 'POP3_TOO_LARGE',
      });
      expect(fromLatin1(await client.retr(2))).toBe(SECOND);
      expect(fromLatin1(await client.top(1, 3))).toBe(text.slice(0, 16 + 3 * 72));
      await client.quit();
    };
    await at.world.run(play());
  });

  it('a client that does not read stops the server, and others are served', async () => {
    const at = await stage({}, ['x'.repeat(70).concat('\r\n').repeat(100_000), SECOND]);
    const eve = { name: 'eve', password: 'x', addresses: ['eve@hamburger.edu'] };
    await at.world.run(at.store.mail.addAccount(eve));
    await at.world.run(new TestDrop(at.store.mail, 'eve').put(latin1(SECOND)));
    const play = async (): Promise<void> => {
      const connection = await at.client.network.connect({ address: at.server.address, port: 110 });
      connection.attach({ onData() {}, onClose() {} });
      connection.write(latin1('USER bob\r\nPASS hungry\r\n'));
      connection.pause();
      connection.write(latin1('RETR 1\r\n'.repeat(50)));
      const other = await connect(at);
      await other.login({ user: 'eve', password: 'x' });
      expect(fromLatin1(await other.retr(1))).toBe(SECOND);
      await other.quit();
      // What the network holds, and not fifty messages of seven megabytes.
      expect(at.store.read).toBeGreaterThan(500_000);
      expect(at.store.read).toBeLessThan(3_000_000);
    };
    await at.world.run(play());
    await at.world.runUntil(at.world.now + 700_000);
    expect(at.bob.locked).toBe(false);
  });
});

describe('download', () => {
  const uids = async (client: Pop3Client, options: Parameters<Pop3Client['download']>[0]) => {
    const found: string[] = [];
    for await (const { uid, bytes } of client.download(options)) {
      found.push(`${uid} ${bytes.length}`);
    }
    await client.quit();
    return found;
  };

  it('and keep: what was seen is not fetched again', async () => {
    const at = await stage();
    const seen = new Set(['7.99']);
    const play = async (): Promise<void> => {
      const first = await uids(await signedIn(at), { mode: 'keep', seen });
      expect(first).toEqual([
        `${at.bob.id(1)} ${FIRST.length}`,
        `${at.bob.id(2)} ${SECOND.length}`,
      ]);
      await at.bob.put(latin1('new\r\n'));
      expect(await uids(await signedIn(at), { mode: 'keep', seen })).toEqual([`${at.bob.id(3)} 5`]);
    };
    await at.world.run(play());
    expect([...seen]).toEqual([1, 2, 3].map((uid) => at.bob.id(uid)));
    expect(at.bob.messages).toHaveLength(3);
  });

  it('and delete: what was seen before is deleted, not fetched', async () => {
    const at = await stage();
    const play = async (): Promise<void> => {
      const seen = new Set([at.bob.id(1)]);
      expect(await uids(await signedIn(at), { mode: 'delete', seen })).toEqual([
        `${at.bob.id(2)} ${SECOND.length}`,
      ]);
    };
    await at.world.run(play());
    expect(at.bob.messages).toHaveLength(0);
  });

  it('five hundred messages take few round trips where pipelining is offered', async () => {
    const at = await stage(
      {},
      Array.from({ length: 500 }, (_, i) => `Subject: ${i}\r\n\r\n.\r\n`),
    );
    const start = at.world.now;
    const found = await at.world.run((async () => uids(await signedIn(at), { mode: 'delete' }))());
    expect(found).toHaveLength(500);
    expect(at.world.now - start).toBeLessThan(40 * 20);
    expect(at.bob.messages).toHaveLength(0);
  });

  it('that is broken off marks nothing of its last messages', async () => {
    const at = await stage();
    const play = async (): Promise<void> => {
      const client = await signedIn(at);
      for await (const _ of client.download({ mode: 'delete' })) break;
      expect((await client.stat()).count).toBe(2);
      await client.quit();
    };
    await at.world.run(play());
    expect(at.bob.messages).toHaveLength(2);
  });
});

describe('QUIT', () => {
  it('that fails is told where something was to be deleted', async () => {
    const at = await stage();
    at.store.failure = new Error('disk full');
    const play = async (): Promise<void> => {
      const client = await signedIn(at);
      await client.dele(1);
      await expect(client.quit()).rejects.toMatchObject({
        code: 'POP3_REFUSED',
        answer: { code: 'SYS/TEMP' },
      });
    };
    await at.world.run(play());
  });
});

/** A server that says what it is told to, line by line. */
async function against(
  answers: readonly string[],
  play: (client: Pop3Client) => Promise<void>,
  options: Parameters<typeof Pop3Client.connect>[2] = {},
): Promise<void> {
  const world = new World({ seed: 1, strict: true });
  const [server, client] = [world.host('s'), world.host('c')];
  const accept = (connection: Connection): void => {
    const left = [...answers];
    const answer = (): void => void connection.write(latin1(left.shift() ?? ''));
    connection.attach({ onData: () => answer(), onClose() {} });
    answer();
  };
  await world.run(server.network.listen({ port: 110 }, accept));
  const session = async (): Promise<void> => {
    const to = { address: server.address, port: 110 };
    const one = await Pop3Client.connect(client, to, options);
    await play(one);
    one.close();
  };
  await world.run(session());
}

describe('odd servers', () => {
  it('an old one, without CAPA, with LF alone and words behind sizes', async () => {
    const answers = [
      '+OK\n',
      '-ERR what?\n',
      '+OK\n',
      '+ok in\n',
      '+OK\n1 10 octets\n2 20\r\n.\r\n',
    ];
    await against(answers, async (client) => {
      await client.login(BOB, { plaintext: true });
      expect((await client.list()).map(({ size }) => size)).toEqual([10, 20]);
    });
  });

  it('messages with bare line ends are taken as they are', async () => {
    await against(['+OK\r\n', '+OK\r\na\nb\rc\n.\n\r\n.\r\n'], async (client) => {
      expect(fromLatin1(await client.retr(1))).toBe('a\nb\rc\n.\n\r\n');
    });
  });

  it.each([
    [['HTTP/1.1 400\r\n'], 'POP3_BAD_RESPONSE'],
    [['-ERR [IN-USE] later\r\n'], 'POP3_REFUSED'],
    [[''], 'NET_TIMEOUT'],
    [['+OK\r\n', '+OK five\r\n'], 'POP3_BAD_RESPONSE'],
    [['+OK\r\n', ''], 'NET_TIMEOUT'],
    [[`+OK ${'x'.repeat(5_000)}\r\n`], 'POP3_BAD_RESPONSE'],
  ])('%j', async (answers, code) => {
    const options = { greetingMs: 500, replyMs: 500 };
    const play = against(answers, async (client) => void (await client.stat()), options);
    await expect(play).rejects.toMatchObject({ code });
  });

  it('words in clear behind STLS', async () => {
    const answers = ['+OK\r\n', '+OK\r\nSTLS\r\n.\r\n', '+OK\r\n+OK injected\r\n'];
    const play = against(answers, async () => {}, { security: 'starttls' });
    await expect(play).rejects.toMatchObject({ code: 'POP3_BAD_RESPONSE' });
  });

  it('a false challenge of AUTH is cancelled', async () => {
    const answers = ['+OK\r\n', '+OK\r\nSASL SCRAM-SHA-256\r\n.\r\n', '+ !!!\r\n', '-ERR\r\n'];
    const play = against(answers, (client) => client.login(BOB));
    await expect(play).rejects.toMatchObject({ code: 'POP3_BAD_RESPONSE' });
  });
});
