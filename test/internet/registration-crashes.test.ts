/** Registries and registrars lose their power at random moments: what a customer was told stays true. */
import { expect, it } from 'vitest';
import { readScenario } from '../../src/cli/scenario-file.ts';
import { SimulatedInternet } from '../../src/internet/index.ts';
import { AppError } from '../../src/lib/errors.ts';
import { below, seededRandom, sleep } from '../../src/net/index.ts';
import { type Answer, type Command, RegistrationClient } from '../../src/registration/index.ts';

const SEEDS = 25;
const NAMES = 12;
const CRASHES = 8;
const ADDRESS = '127.20.3.80';

/** Asks until somebody answers; a refusal is an answer. */
async function insist(
  send: (command: Command) => Promise<Answer>,
  command: Command,
): Promise<Answer | string> {
  for (;;) {
    try {
      return await send(command);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const isSilence = error.code === 'REG_FAILED' || error.code.startsWith('NET_');
      if (!isSilence && error.code !== 'HTTP_INCOMPLETE') return error.code;
    }
  }
}

it('no name is lost, and none is had twice', { timeout: 120_000 }, async () => {
  const file = await readScenario('default');
  for (let seed = 1; seed <= SEEDS; seed++) {
    const simulated = new SimulatedInternet(file, `${seed}`, { record: false });
    const random = seededRandom(`crashes ${seed}`);
    let crashes = 0;
    const outcome = await simulated.play(async (internet) => {
      const { client, host } = internet.user('alice');
      const door = new RegistrationClient(client, { url: 'http://www.registrar.com/api' });
      const send = (command: Command) => door.send(command);
      let over = false;
      const trouble = (async () => {
        for (let victim = 0; victim < CRASHES && !over; victim++) {
          await sleep(host.clock, 20 + below(random, 150));
          const name = victim % 2 === 0 ? 'a.com' : 'www.registrar';
          await internet.stopHost(name);
          await sleep(host.clock, below(random, 60));
          await internet.startHost(name);
          crashes++;
        }
      })();
      for (let i = 0; i < NAMES; i++) {
        const registrant = { name: `Owner ${i}` };
        const name = `n${i}.com`;
        const made = await insist(send, {
          command: 'create',
          name,
          registrant,
          addresses: [ADDRESS],
        });
        // The first answer may have been lost: then the second says that it exists.
        if (made === 'REG_EXISTS') {
          const info = await insist(send, { command: 'info', name });
          expect(typeof info === 'string' ? info : info.domain?.registrant).toEqual(registrant);
        } else expect(made, `seed ${seed}`).toMatchObject({ result: 1000 });
      }
      over = true;
      await trouble;
      const list = await insist(send, { command: 'list' });
      const domains = typeof list === 'string' ? [] : (list.domains ?? []);
      await sleep(host.clock, 61_000);
      const found: string[] = [];
      for (const { name, nameServers } of domains) {
        if (nameServers.length > 0)
          found.push(...(await internet.user('bob').lookup(`www.${name}`)));
      }
      return { domains, found };
    });
    const names = outcome.domains.map(({ name }) => name).sort();
    expect(names, `seed ${seed}`).toEqual(
      Array.from({ length: NAMES }, (_, i) => `n${i}.com`).sort(),
    );
    expect(outcome.found, `seed ${seed}`).toEqual(Array(NAMES).fill(ADDRESS));
    expect(crashes).toBeGreaterThan(1);
  }
});
