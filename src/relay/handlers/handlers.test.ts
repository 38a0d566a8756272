/** Backends that make it hard, under virtual time. */
import { expect, it } from 'vitest';
import { BOB, OK } from '../../../test/smtp/stage.ts';
import { type Host, sleep } from '../../net/index.ts';
import { World } from '../../net/sim/index.ts';
import {
  collecting,
  type MailBackend,
  SmtpClient,
  SmtpReplyError,
  serveSmtp,
} from '../../smtp/index.ts';
import { greylist, rateLimit } from '../index.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

interface Try {
  /** After so long. */
  readonly after: number;
  readonly from?: string;
}

/** Sends a message at each time, and gives the codes of the replies with the time that they took. */
async function tries(
  wrap: (host: Host, backend: MailBackend) => MailBackend,
  list: readonly Try[],
): Promise<[code: number, ms: number][]> {
  const world = new World({ seed: 'handlers', strict: true });
  const [server, client] = [world.host('server'), world.host('client')];
  const backend = wrap(
    server,
    collecting(() => OK),
  );
  const said: [number, number][] = [];
  const send = async (local: string): Promise<number> => {
    const session = await SmtpClient.connect(client, { address: server.address, port: 25 });
    const from = { local, domain: 'a.org' };
    const { reply } = await session.send({ from, to: [{ path: BOB }] }, 'x\r\n');
    await session.quit();
    return reply.code;
  };
  const all = async (): Promise<void> => {
    await serveSmtp(server, { port: 25, backend });
    for (const { after, from = 'x' } of list) {
      await sleep(client.clock, after);
      const began = client.clock.now();
      const code = await send(from).catch((error: unknown) => {
        if (error instanceof SmtpReplyError) return error.answer.code;
        throw error;
      });
      said.push([code, Math.round(client.clock.now() - began)]);
    }
  };
  await world.run(all());
  return said;
}

const codes = (said: readonly [number, number][]): number[] => said.map(([code]) => code);

it('greylisting asks each new triple to come again', async () => {
  const list = [
    { after: 0 },
    { after: 30_000 },
    { after: 31_000 },
    { after: 0, from: 'other' },
    { after: 6 * DAY },
    { after: 8 * DAY },
  ];
  const said = await tries((host, backend) => greylist(host, {}, backend), list);
  expect(codes(said)).toEqual([451, 451, 250, 451, 250, 451]);
});

it('greylisting leaves those alone who have signed in', async () => {
  const world = new World({ seed: 1 });
  const host = world.host('a');
  const session = greylist(
    host,
    {},
    collecting(() => OK),
  ).open({
    remote: { address: '10.0.0.1', port: 1 },
    local: { address: '10.0.0.2', port: 25 },
    hostname: 'a',
    hello: 'b',
    extended: true,
    secure: true,
    user: 'alice',
  });
  expect('to' in session && (await session.to(BOB, {}))).toMatchObject({ code: 250 });
});

it('rates are kept to, in bursts and after them', async () => {
  const now = { after: 0 };
  const list = [
    now,
    now,
    now,
    now,
    { after: MINUTE / 3 },
    now,
    { after: 10 * MINUTE },
    now,
    now,
    now,
  ];
  const messages = await tries((host, backend) => rateLimit(host, { messages: 3 }, backend), list);
  expect(codes(messages)).toEqual([250, 250, 250, 450, 250, 450, 250, 250, 250, 450]);
  const sessions = await tries((host, backend) => rateLimit(host, { sessions: 3 }, backend), list);
  expect(codes(sessions)).toEqual([250, 250, 250, 421, 250, 421, 250, 250, 250, 421]);
  const free = await tries((host, backend) => rateLimit(host, {}, backend), list);
  expect(codes(free)).toEqual(list.map(() => 250));
});
