/** What a crash and a power cut leave of a logged database: what was committed, to the last synced group. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { below, seededRandom } from '../net/index.ts';
import { LoggedDatabase, type LoggedDatabaseOptions } from './logged-database.ts';
import { GroupWriter, readGroups } from './redo-record.ts';

const SCHEMA = [
  'CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT, bytes BLOB, weight REAL); CREATE TABLE seen (id INTEGER)',
];

let folder: string;
const open: LoggedDatabase[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toplayer-logged-'));
});
afterEach(() => {
  for (const database of open.splice(0)) database.close();
  rmSync(folder, { recursive: true });
});

function things(where: string, options?: LoggedDatabaseOptions) {
  const database = new LoggedDatabase(join(folder, where), SCHEMA, options);
  open.push(database);
  const put = database.change('INSERT OR REPLACE INTO thing VALUES (?, ?, ?, ?)');
  const drop = database.change('DELETE FROM thing WHERE id = ?');
  const see = database.prepare('INSERT INTO seen VALUES (?)');
  const all = database.prepare('SELECT * FROM thing ORDER BY id');
  const seen = database.prepare('SELECT id FROM seen');
  return {
    database,
    put: (id: number) => put(id, `thing ${id}`, new Uint8Array(id % 5_000), id % 2 ? null : id / 4),
    drop,
    see: (id: number) => see.run(id),
    ids: () => all.all().map(({ id }) => Number(id)),
    rows: () => all.all(),
    seen: () => seen.all().map(({ id }) => Number(id)),
  };
}

const FILES = ['', '-wal', '-redo-1', '-redo-2'];

/** The files as they are now, elsewhere. */
function copy(from: string, to: string, files = FILES): void {
  for (const end of files) cpSync(join(folder, from + end), join(folder, to + end));
}

describe('a logged database', () => {
  it('gives back what it was given, after it was closed', () => {
    const first = things('a');
    first.database.commit(() => {
      for (const id of [1, 2, 4_000]) first.put(id);
    });
    const rows = first.rows();
    open.pop()?.close();
    expect(things('a').rows()).toEqual(rows);
    expect(rows[2]).toMatchObject({ name: 'thing 4000', weight: 1000 });
  });

  it('has all that was committed when the process is killed, at any time', () => {
    const random = seededRandom('kill');
    const one = things('a', { logLimit: 100_000 });
    for (let round = 0; round < 60; round++) {
      for (let n = below(random, 8); n >= 0; n--) {
        one.database.commit(() => {
          for (let k = below(random, 5); k >= 0; k--) {
            if (below(random, 3) > 0) one.put(below(random, 9_000));
            else one.drop(below(random, 9_000));
          }
        });
      }
      copy('a', `b${round}`);
      const again = things(`b${round}`);
      expect(again.rows()).toEqual(one.rows());
      open.pop()?.close();
    }
  });

  it.each([false, true])(
    'has a whole beginning when the power fails: nothing that was synced is missing; alone: %s',
    async (alone) => {
      const one = things('a', { logLimit: 20_000 });
      const states: number[][] = [[]];
      // SQLite's own files as they were before: the system had not written them yet.
      copy('a', 'old');
      for (let id = 1; id <= 6; id++) {
        one.database.commit(() => one.put(1_000 * id));
        states.push(one.ids());
      }
      await one.database.sync(alone);
      const log = readFileSync(join(folder, 'a-redo-1'));
      const end = 36 + [...groupLengths(log.subarray(36))].reduce((sum, length) => sum + length, 0);
      const found = new Set<number>();
      const cuts = [...Array.from({ length: end / 211 }, (_, i) => 211 * i), end];
      for (const at of cuts) {
        copy('old', 'cut');
        writeFileSync(join(folder, 'cut-redo-1'), log.subarray(0, at));
        const ids = things('cut').ids();
        expect(states).toContainEqual(ids);
        found.add(ids.length);
        open.pop()?.close();
      }
      expect([...found]).toEqual([0, 1, 2, 3, 4, 5, 6]);
    },
  );

  it('runs both logs again when SQLite has lost what brought it up to date', () => {
    const one = things('a', { logLimit: 20_000 });
    copy('a', 'b', ['', '-wal']);
    for (let id = 1; id <= 9; id++) one.database.commit(() => one.put(4_000 + id));
    copy('a', 'b', ['-redo-1', '-redo-2']);
    expect(things('b').ids()).toEqual(one.ids());
  });

  it('takes nothing from the log of another database', () => {
    const one = things('a');
    one.database.commit(() => one.put(1));
    copy('a', 'b', ['-redo-1', '-redo-2']);
    expect(things('b').ids()).toEqual([]);
  });

  it('takes a commit back that fails, and goes on', () => {
    const one = things('a');
    one.database.commit(() => one.put(1));
    const failing = () =>
      one.database.commit(() => {
        one.put(2);
        one.drop(1);
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    expect(one.ids()).toEqual([1]);
    one.database.commit(() => one.put(3));
    copy('a', 'b');
    expect(things('b').ids()).toEqual([1, 3]);
  });

  it('loses by a crash what can be made anew, and nothing else', () => {
    const one = things('a');
    one.database.commit(() => {
      one.put(1);
      one.see(1);
    });
    expect(one.seen()).toEqual([1]);
    copy('a', 'b');
    const again = things('b');
    expect([again.ids(), again.seen()]).toEqual([[1], []]);
  });

  it('is a usage error for a second process', () => {
    things('a');
    expect(() => things('a')).toThrow(/another process has it open/);
  });
});

function* groupLengths(log: Uint8Array): Generator<number> {
  const view = new DataView(log.buffer, log.byteOffset);
  for (let at = 0, length = 8 + view.getUint32(0, true); length > 8; ) {
    yield length;
    at += length;
    length = 8 + view.getUint32(at, true);
  }
}

describe('groups', () => {
  it('end where a byte is wrong', () => {
    const writer = new GroupWriter();
    const groups = [1, 2, 3].map((sequence) => {
      writer.begin(sequence);
      writer.step(0, 'INSERT', [sequence, 'text', null, new Uint8Array(3)]);
      return Uint8Array.from(writer.end());
    });
    const log = Buffer.concat(groups);
    expect([...readGroups(log)].map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    for (let at = 0; at < log.length; at++) {
      const wrong = Uint8Array.from(log);
      wrong[at] = (wrong[at] as number) ^ 0x40;
      const whole = groups.findIndex((_, i) => at < lengthTo(groups, i));
      expect([...readGroups(wrong)].length).toBe(whole);
    }
  });
});

function lengthTo(groups: readonly Uint8Array[], index: number): number {
  return groups.slice(0, index + 1).reduce((sum, { length }) => sum + length, 0);
}
