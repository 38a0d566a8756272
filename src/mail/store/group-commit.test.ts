/** Who shares a commit, who waits, and what a failure takes with it. */
import { describe, expect, it } from 'vitest';
import { sleep } from '../../net/index.ts';
import { World } from '../../net/sim/index.ts';
import { GROUP_LIMIT, GROUP_SIZE } from '../defaults.ts';
import { GroupCommit } from './group-commit.ts';

function stage() {
  const world = new World({ seed: 1 });
  const { clock } = world.host('a');
  const commits: string[][] = [];
  const heard: string[] = [];
  const alone: boolean[] = [];
  let current: string[] = [];
  let fault: Error | undefined;
  let patience = 0;
  let loss: Error | undefined;
  let deaf: Error | undefined;
  const group = new GroupCommit({
    clock,
    commit(work) {
      current = [];
      work();
      if (fault) throw fault;
      commits.push(current);
    },
    sync(isAlone) {
      alone.push(isAlone);
      if (patience === 0) return undefined;
      return sleep(clock, patience).then(() => {
        if (loss) throw loss;
      });
    },
    recover: () => heard.push('recover'),
    done() {
      heard.push('done');
      if (deaf) throw deaf;
    },
  });
  const write = (name: string): Promise<number> =>
    group.write(() => {
      if (name.startsWith('bad')) throw new Error(name);
      current.push(name);
      return clock.now();
    });
  const run = <T>(work: () => Promise<T>): Promise<T> => world.run(work());
  return {
    group,
    write,
    run,
    clock,
    commits,
    heard,
    alone,
    slow: (ms: number, error?: Error) => {
      patience = ms;
      loss = error;
    },
    fail: (error: Error | undefined) => {
      fault = error;
    },
    failListener: (error: Error) => {
      deaf = error;
    },
  };
}

describe('a group commit', () => {
  it('makes one alone wait for nobody', async () => {
    const { write, run, commits } = stage();
    const times = await run(async () => [await write('a'), await write('b'), await write('c')]);
    expect([times, commits]).toEqual([
      [0, 0, 0],
      [['a'], ['b'], ['c']],
    ]);
  });

  it('takes all that come in the same turn', async () => {
    const { write, run, commits } = stage();
    await run(() => Promise.all([write('a'), write('b'), write('c')]));
    expect(commits).toEqual([['a', 'b', 'c']]);
  });

  it('gathers what comes while the disk works, and answers when it has', async () => {
    const { write, run, commits, clock, slow } = stage();
    slow(5);
    const times = await run(async () => {
      const first = write('a');
      await sleep(clock, 1);
      const others = [write('b'), write('c')];
      return Promise.all([first, ...others]);
    });
    expect([commits, times]).toEqual([
      [['a'], ['b', 'c']],
      [0, 5, 5],
    ]);
    expect(clock.now()).toBe(10);
  });

  it('tells the disk who comes alone, and came alone before', async () => {
    const { write, run, alone } = stage();
    for (const names of [['a'], ['b'], ['c', 'd'], ['e'], ['f']]) {
      await run(() => Promise.all(names.map(write)));
    }
    expect(alone).toEqual([false, true, false, false, true]);
  });

  it('answers nobody with yes whose commit the disk has lost', async () => {
    const { write, run, heard, slow } = stage();
    slow(5, new Error('the disk is gone'));
    const said = await run(() => Promise.allSettled([write('a'), write('b')]));
    expect([said.map(({ status }) => status), heard]).toEqual([
      ['rejected', 'rejected'],
      ['recover'],
    ]);
  });

  it('answers, and can be closed, when one who listens has failed', async () => {
    const { write, run, group, commits, slow, failListener } = stage();
    slow(5);
    failListener(new Error('a bug'));
    await run(async () => {
      const first = write('a');
      await expect(group.close()).rejects.toThrow('a bug');
      expect(await first).toBe(0);
      await group.close();
    });
    expect(commits).toEqual([['a']]);
  });

  it('has so many members at most', async () => {
    const { write, run, commits } = stage();
    const names = Array.from({ length: 2 * GROUP_SIZE + 1 }, (_, i) => String(i));
    await run(() => Promise.all(names.map(write)));
    expect(commits.map(({ length }) => length)).toEqual([GROUP_SIZE, GROUP_SIZE, 1]);
  });

  it('loses one that fails, and does the others again without it', async () => {
    const { write, run, commits, heard } = stage();
    const said = await run(() => Promise.allSettled([write('a'), write('bad'), write('b')]));
    expect(said.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(commits).toEqual([['a', 'b']]);
    expect(heard).toEqual(['recover', 'done']);
  });

  it('tells all when the commit itself fails, and goes on when it works again', async () => {
    const { write, run, commits, fail } = stage();
    fail(new Error('the disk is full'));
    const said = await run(() => Promise.allSettled([write('a'), write('b')]));
    expect(said.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fail(undefined);
    await run(() => write('c'));
    expect(commits).toEqual([['c']]);
  });

  it('commits what waits when it is closed, and takes nothing more', async () => {
    const { write, run, group, commits } = stage();
    await run(async () => {
      const last = write('last');
      await group.close();
      await last;
      await expect(write('late')).rejects.toMatchObject({ code: 'MAIL_CLOSED' });
    });
    expect(commits).toEqual([['last']]);
  });

  it('refuses more than memory should hold', async () => {
    const group = new GroupCommit({
      clock: { setTimer: () => ({ cancel() {} }) },
      commit() {},
      sync: () => undefined,
      recover() {},
      done() {},
    });
    // A commit that is under way: nothing leaves the queue.
    (group as unknown as { running: boolean }).running = true;
    const all = Array.from({ length: GROUP_LIMIT + 1 }, () => group.write(() => 1));
    await expect(all.at(-1)).rejects.toMatchObject({ code: 'MAIL_LIMIT', limit: GROUP_LIMIT });
  });
});
