/** Server and client with each other and with what people type, under virtual time. */
import { describe, expect, it } from 'vitest';
import { ALICE, BOB, connect, ENVELOPE, stage, Typist } from '../../test/smtp/stage.ts';
import { fromUtf8, latin1 } from '../lib/bytes.ts';
import { World } from '../net/sim/index.ts';
import { collecting, type ReceivedMessage, relayGuard, serveSmtp } from './index.ts';

describe('a message', () => {
  it('goes from client to server as it is', async () => {
    const on = await stage();
    const text = 'Subject: x\r\n\r\n.dots\r\n..\r\n.\r\nlast';
    const send = async () => {
      const client = await connect(on);
      const result = await client.send({ from: ALICE, to: [{ path: BOB }] }, text);
      await client.quit();
      return result;
    };
    expect(await on.world.run(send())).toMatchObject({ reply: { code: 250 }, accepted: [BOB] });
    const [message] = on.messages;
    expect(message).toMatchObject({ from: ALICE, to: [{ path: BOB }], options: { size: 32 } });
    expect(fromUtf8(message?.bytes as Uint8Array)).toBe(`${text}\r\n`);
    expect(message?.peer).toMatchObject({ hello: 'crepes.fr', extended: true, secure: false });
  });

  it.each([false, true])('of a megabyte, a second one behind it (chunks: %s)', async (chunks) => {
    const on = await stage();
    const big = latin1(`${'x'.repeat(98)}\r\n`.repeat(10_000));
    const send = async () => {
      const client = await connect(on);
      await client.send({ from: ALICE, to: [{ path: BOB }] }, big, { chunks });
      await client.send({ from: null, to: [{ path: BOB }] }, 'two\r\n', { chunks });
      await client.quit();
    };
    await on.world.run(send());
    expect(on.messages.map(({ bytes }) => bytes.length)).toEqual([1_000_000, 5]);
    expect(on.messages[0]?.bytes).toEqual(big);
    expect(on.messages[1]?.from).toBeNull();
  });

  it('costs three round trips of commands with pipelining, greeting and EHLO included', async () => {
    const on = await stage();
    const send = async () => {
      const client = await connect(on);
      const began = on.world.now;
      const to = Array.from({ length: 50 }, (_, i) => ({
        path: { local: `u${i}`, domain: 'e.f' },
      }));
      await client.send({ from: ALICE, to }, 'x\r\n');
      return on.world.now - began;
    };
    expect(await on.world.run(send())).toBeCloseTo(40, 0);
    expect(on.messages[0]?.to).toHaveLength(50);
  });

  it('carries what the extensions say of it', async () => {
    const on = await stage();
    const options = { body: '8BITMIME', utf8: true, ret: 'HDRS', envid: 'a b+c' } as const;
    const own = { notify: ['FAILURE'], orcpt: { type: 'rfc822', address: 'ö@x.y' } } as const;
    const send = async () => {
      const client = await connect(on);
      const path = { local: 'jürgen', domain: 'bücher.example' };
      await client.send({ from: ALICE, to: [{ path, options: own }], options }, 'ö\r\n');
    };
    await on.world.run(send());
    expect(on.messages[0]).toMatchObject({
      options: { ...options, size: 4 },
      to: [{ options: own }],
    });
  });

  it('comes to those recipients that are known', async () => {
    const base = collecting(() => undefined);
    const guard = relayGuard({ domains: ['hamburger.edu'] }, base);
    const on = await stage({ backend: guard });
    const send = async () => {
      const client = await connect(on);
      const to = [{ path: BOB }, { path: ALICE }];
      const result = await client.send({ from: ALICE, to }, 'x\r\n');
      const none = client.send({ from: ALICE, to: [{ path: ALICE }] }, 'x\r\n');
      await expect(none).rejects.toMatchObject({ code: 'SMTP_REFUSED', reply: 550 });
      const again = await client.send({ from: ALICE, to: [{ path: BOB }] }, 'x\r\n');
      return [result, again];
    };
    const [result, again] = await on.world.run(send());
    expect(result).toMatchObject({
      accepted: [BOB],
      refused: [{ path: ALICE, reply: { code: 550 } }],
    });
    expect(again).toMatchObject({ accepted: [BOB], refused: [] });
  });

  it('with a bare line end is not sent, and does not look whole', async () => {
    const on = await stage();
    const send = async (chunks: boolean) => {
      const client = await connect(on);
      await client.send({ from: ALICE, to: [{ path: BOB }] }, 'a\n.\r\nb', { chunks });
    };
    const refused = expect.objectContaining({ code: 'SMTP_BARE_LINE_END' });
    await expect(on.world.run(send(false))).rejects.toEqual(refused);
    await expect(on.world.run(send(true))).rejects.toEqual(refused);
    await on.world.run();
    expect(on.messages).toEqual([]);
  });
});

describe('what is typed', () => {
  it.each([
    ['QUIT\r\n', ['221']],
    ['MAIL FROM:<a@b.c>\r\n', ['503']],
    ['DATA\r\n', ['503']],
    ['EHLO c\r\nRCPT TO:<a@b.c>\r\n', ['250', '503']],
    ['EHLO c\r\nMAIL FROM:<a@b.c>\r\nMAIL FROM:<a@b.c>\r\n', ['250', '250', '503']],
    ['EHLO c\r\nMAIL FROM:<a@b.c>\r\nDATA\r\n', ['250', '250', '503']],
    [`${ENVELOPE}RSET\r\nDATA\r\n`, ['250', '250', '250', '250', '503']],
    [`${ENVELOPE}EHLO d\r\nDATA\r\n`, ['250', '250', '250', '250', '503']],
    [`${ENVELOPE}STARTTLS\r\nAUTH PLAIN\r\n`, ['250', '250', '250', '502', '502']],
    [
      'NOOP\r\nRSET\r\nVRFY bob\r\nEXPN list\r\nHELP\r\nHELP mail\r\n',
      ['250', '250', '252', '502', '214', '214'],
    ],
    ['HELO c\nEHLO c\r\n', ['500', '250']],
    ['EHLO c\rMAIL\r\n', ['500']],
    ['EHLO c\r\nMAIL FROM:<a@b.c> SIZE=99999999999\r\n', ['250', '552']],
    [`${ENVELOPE}DATA\r\nx\r\n.\r\nMAIL FROM:<>\r\n`, ['250', '250', '250', '354', '250', '250']],
    [
      `${ENVELOPE}BDAT 3\r\nx\r\nBDAT 0 LAST\r\nNOOP\r\n`,
      ['250', '250', '250', '250', '250', '250'],
    ],
    [
      `${ENVELOPE}BDAT 3\r\nx\r\nDATA\r\nRSET\r\nNOOP\r\n`,
      ['250', '250', '250', '250', '503', '250', '250'],
    ],
    ['EHLO c\r\nBDAT 6\r\nQUIT\r\nNOOP\r\n', ['250', '503', '250']],
    [
      `${ENVELOPE}BDAT 3 LAST\r\na\nbBDAT 1 LAST\r\nxNOOP\r\n`,
      ['250', '250', '250', '550', '503', '250'],
    ],
    [`${ENVELOPE}DATA\r\na\nb\r\n.\r\nNOOP\r\n`, ['250', '250', '250', '354', '550', '250']],
    [`${'x'.repeat(20_000)}\r\nNOOP\r\n`, ['500', '250']],
  ])('%j', async (text, codes) => {
    for (const pieces of [[text], [...text]]) {
      const on = await stage();
      const type = async () => {
        const typist = await Typist.at(on);
        for (const piece of pieces) await typist.reader.write(latin1(piece));
        return typist.all(codes.length);
      };
      expect(await on.world.run(type())).toEqual(codes);
      if (text.length > 1000) break;
    }
  });

  it('is read up to the end of the stream', async () => {
    const on = await stage();
    const type = async () => {
      const typist = await Typist.at(on);
      await typist.reader.write(latin1('NOOP\r\nNOOP\r\nNOO'));
      typist.reader.end();
      return typist.all(3);
    };
    expect(await on.world.run(type())).toEqual(['250', '250', 'clo']);
  });

  it('with line ends of LF alone ends in a 550 and a close, not in silence', async () => {
    const on = await stage();
    const type = async () => {
      const typist = await Typist.at(on);
      await typist.reader.write(latin1(`${ENVELOPE}DATA\r\n`));
      await typist.all(4);
      return [
        await typist.say('Subject: x\n\nhello\n.\nMAIL FROM:<evil@b.c>\r\n'),
        await typist.reply(),
      ];
    };
    const [said, after] = await on.world.run(type());
    expect(said).toContain('550 5.6.0 The message has a bare LF');
    expect(after).toBe('closed');
    expect(on.messages).toEqual([]);
  });

  it('is not taken for ever', async () => {
    const on = await stage({ errorsLimit: 3, idleCommandsLimit: 5 });
    const type = async (text: string) => {
      const typist = await Typist.at(on);
      await typist.reader.write(latin1(text.repeat(8)));
      return typist.all(7);
    };
    const last = ['421', 'clo'];
    expect((await on.world.run(type('FROB\r\n'))).slice(3, 5)).toEqual(last);
    expect((await on.world.run(type('NOOP\r\n'))).slice(5, 7)).toEqual(last);
  });
});

it('closes gracefully: what is under way is finished, what is idle is told', async () => {
  const world = new World({ seed: 1, strict: true });
  const [server, client] = [world.host('s'), world.host('c')];
  const messages: ReceivedMessage[] = [];
  const backend = collecting((message) => void messages.push(message));
  const listening = await world.run(serveSmtp(server, { port: 25, backend }));
  const on = { world, server, client, messages, errors: [] };
  const play = async () => {
    const idle = await Typist.at(on);
    const busy = await Typist.at(on);
    await busy.reader.write(latin1(`${ENVELOPE}DATA\r\n`));
    await busy.all(4);
    const closed = listening.close({ graceMs: 10_000 });
    const said = [await idle.reply(), await busy.say('x\r\n.\r\n'), await busy.reply()];
    await closed;
    return said.map((text) => text.slice(0, 3));
  };
  expect(await world.run(play())).toEqual(['421', '250', '421']);
  expect(messages).toHaveLength(1);
});

it('is the same on every run of a seed', async () => {
  const once = async () => {
    const world = new World({ seed: 7, strict: true, hash: true });
    const [server, client] = [world.host('s'), world.host('c')];
    world.link(server, client, { latency: 5, jitter: 3 });
    await world.run(serveSmtp(server, { port: 25, backend: collecting(() => undefined) }));
    const send = async () => {
      const session = await connect({ server, client });
      await session.send({ from: ALICE, to: [{ path: BOB }] }, new Uint8Array(200_000).fill(65));
      await session.quit();
    };
    await world.run(send());
    return world.hash;
  };
  expect(await once()).toBe(await once());
});
