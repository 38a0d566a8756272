/** The same scenario on both networks: the same messages in the same order; the same run for a seed. */
import { expect, it } from 'vitest';
import { bringUp } from '../../src/cli/bring-up.ts';
import { readScenario } from '../../src/cli/scenario-file.ts';
import { type Internet, load, pingHost, SimulatedInternet } from '../../src/internet/index.ts';

/** Alice loads the same page twice and another site's, then asks for a name that isn't there. */
async function visit(internet: Internet): Promise<void> {
  const alice = internet.user('alice');
  await load(alice, 'http://www.campus.edu/', { mode: 'persistent' });
  await load(alice, 'http://www.campus.edu/', { mode: 'persistent' });
  await load(alice, 'http://www.college.edu/', { mode: 'persistent' });
  await expect(alice.lookup('nothing.campus.edu')).rejects.toMatchObject({ code: 'DNS_NXDOMAIN' });
  await pingHost(alice, 'ping.campus.edu', { count: 2 });
}

/** What was said, without what only the wire decides. */
function said(internet: Internet): string[] {
  const { prefix } = internet.ground;
  return internet.recorder.messages().map(({ fromHost, toHost, protocol, summary, notes }) => {
    const text = protocol === 'ping' ? summary.replace(/[\d.]+$/, 'TIME') : summary;
    const why = notes.map((note) => note.text).join(' ');
    return `${fromHost} > ${toHost} ${protocol} ${text} | ${why}`.replaceAll(
      `${prefix}.`,
      '127.N.',
    );
  });
}

it('says the same on real sockets and simulated', async () => {
  const file = await readScenario('default');
  const real = await bringUp(file, { seed: 'one' });
  const simulated = new SimulatedInternet(file, 'one');
  try {
    await visit(real);
    await simulated.play(visit);
    expect(said(real).length).toBeGreaterThan(40);
    expect(said(real)).toEqual(said(simulated.internet));
  } finally {
    await real.close();
  }
});

it('runs the same twice from each of 10 seeds', async () => {
  const file = await readScenario('default');
  const hashes = new Set<string>();
  for (let seed = 1; seed <= 10; seed++) {
    const runs = [new SimulatedInternet(file, `${seed}`), new SimulatedInternet(file, `${seed}`)];
    const [first, second] = await Promise.all(runs.map((run) => run.run()));
    expect(second, `seed ${seed}`).toEqual(first);
    hashes.add(first?.hash ?? '');
  }
  expect(hashes.size).toBe(10);
});
