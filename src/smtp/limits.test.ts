/** What is bounded, and backends that are slow, broken or unwilling. */
import { describe, expect, it } from 'vitest';
import { ALICE, BOB, connect, ENVELOPE, OK, stage, Typist } from '../../test/smtp/stage.ts';
import { latin1 } from '../lib/bytes.ts';
import { deferred } from '../lib/deferred.ts';
import { sleep } from '../net/index.ts';
import {
  collecting,
  failing,
  type MailBackend,
  type MailSession,
  type Outcome,
  SmtpClient,
} from './index.ts';

describe('limits', () => {
  it('of size end the message, not the session', async () => {
    const on = await stage({ sizeLimit: 1000 });
    const type = async () => {
      const typist = await Typist.at(on);
      await typist.reader.write(latin1(`${ENVELOPE}DATA\r\n`));
      await typist.all(4);
      return [await typist.say(`${'x'.repeat(2000)}\r\n.\r\n`), await typist.say('NOOP\r\n')];
    };
    expect(await on.world.run(type())).toEqual([
      '552 5.3.4 The message is too large',
      '250 2.0.0 OK',
    ]);
    const client = await on.world.run(connect(on));
    const big = client.send({ from: ALICE, to: [{ path: BOB }] }, new Uint8Array(2000));
    await expect(on.world.run(big)).rejects.toMatchObject({ code: 'SMTP_TOO_LARGE', limit: 1000 });
  });

  it('of recipients say 452', async () => {
    const on = await stage({ recipientsLimit: 2 });
    const send = async () => {
      const client = await connect(on);
      const to = [{ path: BOB }, { path: BOB }, { path: BOB }];
      return client.send({ from: ALICE, to }, 'x\r\n');
    };
    expect(await on.world.run(send())).toMatchObject({
      refused: [{ reply: { code: 452, lines: ['4.5.3 Too many recipients'] } }],
    });
  });

  it('of sessions say 421', async () => {
    const on = await stage({ sessionsLimit: 1 });
    await on.world.run(connect(on));
    await expect(on.world.run(connect(on))).rejects.toMatchObject({ reply: 421 });
  });

  it('of time: the client that says nothing, or half a message', async () => {
    const on = await stage();
    const type = async (text: string, replies: number) => {
      const typist = await Typist.at(on);
      await typist.reader.write(latin1(text));
      await typist.all(replies);
      const began = on.world.now;
      const last = await typist.reply();
      return [last, Math.round((on.world.now - began) / 60_000)];
    };
    const late = '421 4.4.2 Nothing came for too long';
    expect(await on.world.run(type('NOO', 0))).toEqual([late, 5]);
    expect(await on.world.run(type(`${ENVELOPE}DATA\r\nx`, 4))).toEqual([late, 5]);
  });

  it('of time: the client that drips', async () => {
    const on = await stage({ transferMs: 600_000 });
    const type = async () => {
      const typist = await Typist.at(on);
      await typist.reader.write(latin1(`${ENVELOPE}DATA\r\n`));
      await typist.all(4);
      const began = on.world.now;
      for (let i = 0; i < 400; i++) {
        await typist.reader.write(latin1('x'));
        await sleep(on.client.clock, 2_000);
        if (typist.reader.buffered > 0) break;
      }
      return [(await typist.reply()).slice(0, 3), Math.round((on.world.now - began) / 60_000)];
    };
    expect(await on.world.run(type())).toEqual(['421', 10]);
  });

  it('of time: the client waits for a server that says nothing', async () => {
    const on = await stage();
    await on.world.run(on.server.network.listen({ port: 26 }, () => {}));
    const to = { address: on.server.address, port: 26 };
    const mute = SmtpClient.connect(on.client, to);
    await expect(on.world.run(mute)).rejects.toMatchObject({ code: 'NET_TIMEOUT' });
    expect(on.world.now).toBeCloseTo(300_000, -3);
  });
});

describe('a backend', () => {
  const session = (own: Partial<MailSession>): MailBackend => ({
    open: () => ({ from: () => OK, to: () => OK, data: async () => OK, ...own }),
  });

  it('that is slow stops the sender, and holds little', async () => {
    const gate = deferred<void>();
    let taken = 0;
    const data = async (body: AsyncIterable<Uint8Array>): Promise<Outcome> => {
      await gate.promise;
      for await (const piece of body) taken += piece.length;
      return OK;
    };
    const on = await stage({ backend: session({ data }) });
    const send = async () => {
      const client = await connect(on);
      return client.send({ from: ALICE, to: [{ path: BOB }] }, new Uint8Array(5_000_000).fill(65));
    };
    const sending = on.world.run(send());
    on.server.clock.setTimer(60_000, () => gate.resolve());
    expect((await sending).reply.code).toBe(250);
    expect(taken).toBe(5_000_002);
    expect(on.world.now).toBeGreaterThan(60_000);
  });

  it('that fails is 451, and is reported', async () => {
    const fail = (): never => {
      throw new Error('broken');
    };
    for (const own of [{ from: fail }, { to: async () => fail() }, { data: fail }]) {
      const on = await stage({ backend: session(own) });
      const send = async () => {
        const client = await connect(on);
        await client.send({ from: ALICE, to: [{ path: BOB }] }, 'x\r\n');
      };
      await expect(on.world.run(send())).rejects.toMatchObject({ reply: 451 });
      expect(on.errors).toHaveLength(1);
    }
  });

  it('that refuses before it has read has the rest thrown away', async () => {
    const no: Outcome = { code: 554, enhanced: '5.7.1', text: 'No' };
    const on = await stage({ backend: session({ data: async () => no }) });
    const send = async (chunks: boolean) => {
      const client = await connect(on);
      const big = new Uint8Array(1_000_000).fill(65);
      const sent = client.send({ from: ALICE, to: [{ path: BOB }] }, big, { chunks });
      await expect(sent).rejects.toMatchObject({ reply: 554 });
      expect(await client.ask({ type: 'NOOP', text: '' })).toMatchObject({ code: 250 });
    };
    await on.world.run(send(false));
    await on.world.run(send(true));
  });

  it('that never answers is given up after nine minutes', async () => {
    const on = await stage({ backend: session({ from: () => new Promise(() => {}) }) });
    const send = async () => {
      const client = await connect(on, { replyMs: 3_600_000 });
      await client.send({ from: ALICE, to: [{ path: BOB }] }, 'x\r\n');
    };
    await expect(on.world.run(send())).rejects.toMatchObject({ reply: 421 });
    expect(on.world.now).toBeCloseTo(540_000, -3);
  });

  it('that takes for ever: the client hears the server’s last word in the middle of its message', async () => {
    const data = (): Promise<Outcome> => new Promise(() => {});
    const on = await stage({ backend: session({ data }) });
    const send = async () => {
      const client = await connect(on, { dataBlockMs: 3_600_000, dataEndMs: 3_600_000 });
      const big = new Uint8Array(3_000_000).fill(65);
      await client.send({ from: ALICE, to: [{ path: BOB }] }, big);
    };
    await expect(on.world.run(send())).rejects.toMatchObject({ reply: 421 });
  });

  it('may refuse the client at the door', async () => {
    const open = (): Outcome => ({ code: 554, enhanced: '5.7.1', text: 'Not you' });
    const on = await stage({ backend: { open } });
    await expect(on.world.run(connect(on))).rejects.toMatchObject({ reply: 554 });
  });

  it('hears of a client that goes away in the middle', async () => {
    const heard: string[] = [];
    const data = async (body: { bytes(): Promise<Uint8Array> }): Promise<Outcome> => {
      await body.bytes().catch((error: Error) => void heard.push(error.message));
      return OK;
    };
    const close = (): void => void heard.push('close');
    const on = await stage({ backend: session({ data, close }) });
    const type = async () => {
      const typist = await Typist.at(on);
      await typist.reader.write(latin1(`${ENVELOPE}DATA\r\nhalf`));
      await typist.all(4);
      typist.reader.destroy();
    };
    await on.world.run(type());
    await on.world.run();
    expect(heard.sort()).toEqual(['close', expect.stringMatching(/reset|closed|went/)]);
  });

  it('fails on purpose where it is told to', async () => {
    const world = await stage();
    const rules = [{ stage: 'RCPT', code: 451, share: 1, address: 'bob@' } as const];
    const backend = failing(
      world.server,
      rules,
      collecting(() => undefined),
    );
    const on = await stage({ backend });
    const send = async () => {
      const client = await connect(on);
      return client.send({ from: ALICE, to: [{ path: BOB }, { path: ALICE }] }, 'x\r\n');
    };
    expect(await on.world.run(send())).toMatchObject({
      refused: [{ path: BOB, reply: { code: 451 } }],
    });
  });
});
