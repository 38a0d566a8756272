/** Server and client with each other and with what people type, under virtual time. */
import { describe, expect, it } from 'vitest';
import { base64 } from '../lib/base64.ts';
import { fromUtf8, latin1, utf8 } from '../lib/bytes.ts';
import { deferred } from '../lib/deferred.ts';
import { ByteReader, type Host, sleep } from '../net/index.ts';
import { simulatedAuthority, World } from '../net/sim/index.ts';
import { saslUsers } from '../sasl/index.ts';
import {
  collecting,
  failing,
  type MailBackend,
  type MailSession,
  type Outcome,
  type ReceivedMessage,
  receivedLine,
  relayGuard,
  returnPathLine,
  SmtpClient,
  type SmtpClientOptions,
  type SmtpServerOptions,
  serveSmtp,
} from './index.ts';

const ALICE = { local: 'alice', domain: 'crepes.fr' };
const BOB = { local: 'bob', domain: 'hamburger.edu' };
const OK: Outcome = { code: 250, text: 'OK' };

interface Stage {
  readonly world: World;
  readonly server: Host;
  readonly client: Host;
  readonly messages: ReceivedMessage[];
  readonly errors: unknown[];
}

async function stage(options: Partial<SmtpServerOptions> = {}): Promise<Stage> {
  const world = new World({ seed: 'smtp', strict: true });
  const [server, client] = [world.host('hamburger.edu'), world.host('crepes.fr')];
  world.link(server, client, { latency: 10 });
  const messages: ReceivedMessage[] = [];
  const errors: unknown[] = [];
  const backend = collecting((message) => void messages.push(message));
  const onError = (error: unknown): void => void errors.push(error);
  await world.run(serveSmtp(server, { port: 25, backend, onError, ...options }));
  return { world, server, client, messages, errors };
}

function connect(
  { server, client }: Pick<Stage, 'server' | 'client'>,
  options: SmtpClientOptions = {},
): Promise<SmtpClient> {
  return SmtpClient.connect(client, { address: server.address, port: 25 }, options);
}

/** A person at telnet: says a text, and reads to the end of the last reply that begins with `until`. */
class Typist {
  readonly reader: ByteReader;

  private constructor(reader: ByteReader) {
    this.reader = reader;
  }

  static async at({ server, client }: Stage, port = 25): Promise<Typist> {
    const to = { address: server.address, port };
    const typist = new Typist(new ByteReader(await client.network.connect(to)));
    await typist.reply();
    return typist;
  }

  async say(text: string): Promise<string> {
    await this.reader.write(latin1(text));
    return this.reply();
  }

  async reply(): Promise<string> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.reader.readLine();
      if (line === null) return [...lines, 'closed'].join('\n');
      lines.push(line);
      if (line[3] !== '-') return lines.join('\n');
    }
  }

  async all(count: number): Promise<string[]> {
    const codes: string[] = [];
    for (let i = 0; i < count; i++) codes.push((await this.reply()).slice(0, 3));
    return codes;
  }
}

/** Up to the message. */
const ENVELOPE = 'EHLO c\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<d@e.f>\r\n';

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

  it('guessing ends after five attempts', async () => {
    const on = await stage({ users, plaintext: true });
    const type = async () => {
      const typist = await Typist.at(on);
      await typist.say('EHLO c\r\n');
      const guess = `AUTH PLAIN ${base64(utf8('\0alice\0no'))}\r\n`;
      await typist.reader.write(latin1(guess.repeat(6)));
      return typist.all(6);
    };
    const last = ['535', '535', '421', 'clo'];
    expect(await on.world.run(type())).toEqual(['535', '535', ...last]);
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
