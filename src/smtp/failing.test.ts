/** Failures on purpose: what clients are told, when, and how often. */
import { describe, expect, it } from 'vitest';
import { sleep } from '../net/index.ts';
import { World } from '../net/sim/index.ts';
import { collecting, type Failing, FailureRules, failing, SmtpClient, serveSmtp } from './index.ts';

const ALICE = { local: 'alice', domain: 'campus.edu' };
const BOB = { local: 'bob', domain: 'shop.com' };
const CAROL = { local: 'carol', domain: 'shop.com' };

async function stage(rules: readonly Failing[] | FailureRules) {
  const world = new World({ seed: 1, strict: true });
  const [server, client] = [world.host('server'), world.host('client')];
  let taken = 0;
  const backend = failing(
    server,
    rules,
    collecting(() => void taken++),
  );
  await world.run(serveSmtp(server, { port: 25, backend }));
  /** The codes of the answers for each recipient, or the error that ended it; and how long it took. */
  const send = async (to = [BOB, CAROL]): Promise<readonly [string, number]> => {
    const began = client.clock.now();
    const attempt = async (): Promise<string> => {
      const session = await SmtpClient.connect(client, { address: server.address, port: 25 });
      const { reply, refused } = await session.send(
        { from: ALICE, to: to.map((path) => ({ path })) },
        'x\r\n',
      );
      await session.quit();
      return [...refused.map((one) => one.reply.code), reply.code].join(' ');
    };
    const said = await world.run(
      attempt().catch((error: { reply?: number; code: string }) => `${error.reply ?? error.code}`),
    );
    return [said, client.clock.now() - began];
  };
  return { send, world, taken: () => taken };
}

describe('failures on purpose', () => {
  it.each<[Failing, string]>([
    [{ stage: 'CONNECT', code: 421 }, '421'],
    [{ stage: 'MAIL', code: 550, address: 'alice@' }, '550'],
    [{ stage: 'MAIL', code: 550, address: 'nobody@' }, '250'],
    [{ stage: 'RCPT', code: 451, address: 'BOB@' }, '451 250'],
    [{ stage: 'RCPT', code: 550 }, '550'],
    [{ stage: 'DATA', code: 554, address: 'carol@' }, '554'],
    [{ stage: 'DATA', code: 452, share: 0 }, '250'],
    [{ stage: 'CONNECT', drop: true }, 'NET_RESET'],
    [{ stage: 'DATA', drop: true }, 'NET_RESET'],
  ])('%j is answered with %s', async (rule, said) => {
    const { send } = await stage([rule]);
    expect((await send())[0]).toBe(said);
  });

  it('come so many times, and are counted', async () => {
    const rules = new FailureRules([{ stage: 'DATA', code: 451, times: 2 }]);
    const { send, taken } = await stage(rules);
    const said = [await send(), await send(), await send()].map(([codes]) => codes);
    expect([said, taken(), rules.list()[0]?.hits]).toEqual([['451', '451', '250'], 1, 2]);
  });

  it('can only be slow', async () => {
    const { send } = await stage([{ stage: 'RCPT', delayMs: 2_000, address: 'bob@' }]);
    const [codes, ms] = await send();
    expect([codes, ms >= 2_000, ms < 3_000]).toEqual(['250', true, true]);
  });

  it('greylist each address by itself', async () => {
    const { send, world } = await stage([{ stage: 'RCPT', greylistMs: 60_000 }]);
    expect([(await send([BOB]))[0], (await send([BOB]))[0]]).toEqual(['451', '451']);
    await world.run(sleep(world.host('other').clock, 60_000));
    expect([(await send([BOB]))[0], (await send([CAROL]))[0]]).toEqual(['250', '451']);
  });

  it('come and go while the server runs', async () => {
    const rules = new FailureRules();
    const { send } = await stage(rules);
    const { id } = rules.add({ stage: 'CONNECT', code: 554 });
    expect((await send())[0]).toBe('554');
    expect([rules.remove(id), rules.remove(id)]).toEqual([true, false]);
    expect((await send())[0]).toBe('250');
  });
});
