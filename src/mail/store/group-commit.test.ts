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
  let current: string[] = [];
  let fault: Error | undefined;
  const group = new GroupCommit({
    clock,
    commit(work) {
      current = [];
      work();
      if (fault) throw fault;
      commits.push(current);
    },
    recover: () => heard.push('recover'),
    done: () => heard.push('done'),
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
    fail: (error: Error | undefined) => {
      fault = error;
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

  it('waits 2 ms for as many as last time, and no longer', async () => {
    const { write, run, commits, clock } = stage();
    await run(async () => {
      await Promise.all([write('a'), write('b')]);
      const first = write('c');
      await sleep(clock, 1);
      await Promise.all([first, write('d')]);
      await write('e');
    });
    expect(commits).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(clock.now()).toBe(3);
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
      group.close();
      await last;
      await expect(write('late')).rejects.toMatchObject({ code: 'MAIL_CLOSED' });
    });
    expect(commits).toEqual([['last']]);
  });

  it('refuses more than memory should hold', async () => {
    const group = new GroupCommit({
      clock: { setTimer: () => ({ cancel() {} }) },
      commit: () => new Promise(() => {}),
      recover() {},
      done() {},
    });
    // A commit that is under way: nothing leaves the queue.
    (group as unknown as { running: boolean }).running = true;
    const all = Array.from({ length: GROUP_LIMIT + 1 }, () => group.write(() => 1));
    await expect(all.at(-1)).rejects.toMatchObject({ code: 'MAIL_LIMIT', limit: GROUP_LIMIT });
  });
});
