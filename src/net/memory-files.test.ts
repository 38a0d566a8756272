import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8 } from '../lib/bytes.ts';
import { type MemoryFiles, memoryFiles } from './memory-files.ts';

const clock = { epoch: 0, now: () => 0 };

async function names(files: MemoryFiles): Promise<readonly string[]> {
  return files.list('/');
}

test('a crash keeps what was synced: contents by their file, names by their directory', async () => {
  const files = memoryFiles(clock);
  const file = await files.open('/a', 'create');
  await file.write(0, utf8('one'));
  await file.sync();
  await files.sync('/');
  await file.write(0, utf8('TWO and more'));
  await files.write('/b', utf8('never synced'));
  files.crash();
  expect(await names(files)).toEqual(['a']);
  expect(await files.read('/a')).toEqual(utf8('one'));
});

test('a synced file whose name was not synced is gone', async () => {
  const files = memoryFiles(clock);
  const file = await files.open('/a', 'create');
  await file.write(0, utf8('one'));
  await file.sync();
  files.crash();
  expect(await names(files)).toEqual([]);
});

test('a rename is atomic: after a crash the old name or the new one has it, never none', async () => {
  for (const sync of [false, true]) {
    const files = memoryFiles(clock);
    await files.write('/old', utf8('x'));
    await files.sync('/');
    await files.rename('/old', '/new');
    if (sync) await files.sync('/');
    files.crash();
    expect(await names(files)).toEqual([sync ? 'new' : 'old']);
  }
});

test('what was removed and not synced is back', async () => {
  const files = memoryFiles(clock);
  const file = await files.open('/a', 'create');
  await file.write(0, utf8('x'));
  await file.sync();
  await files.sync('/');
  await files.remove('/a');
  files.crash();
  expect(await files.read('/a')).toEqual(utf8('x'));
});

test('files that were open are dead after a crash', async () => {
  const files = memoryFiles(clock);
  const file = await files.open('/a', 'create');
  files.crash({ keepUnsynced: true });
  await expect(file.write(0, utf8('x'))).rejects.toMatchObject({ code: 'FILE_CLOSED' });
  expect(await names(files)).toEqual(['a']);
});

test('a disk that is not crashable loses nothing', async () => {
  const files = memoryFiles(clock, { crashable: false });
  await files.write('/a', utf8('x'));
  files.crash();
  expect(await files.read('/a')).toEqual(utf8('x'));
});

test('content goes back to the last sync, whatever was written and cut since', async () => {
  const change = fc.oneof(
    fc.record({ at: fc.nat(40), bytes: fc.uint8Array({ maxLength: 20 }) }),
    fc.record({ size: fc.nat(50) }),
    fc.constant('sync' as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 30 }), async (changes) => {
      const files = memoryFiles(clock);
      const file = await files.open('/a', 'create');
      await files.sync('/');
      let synced: Uint8Array = new Uint8Array(0);
      let model = new Uint8Array(0);
      for (const one of changes) {
        if (one === 'sync') {
          await file.sync();
          synced = model.slice();
        } else if ('size' in one) {
          await file.truncate(one.size);
          model = resized(model, one.size);
        } else {
          await file.write(one.at, one.bytes);
          model = resized(model, Math.max(model.length, one.at + one.bytes.length));
          model.set(one.bytes, one.at);
        }
        expect(await files.read('/a')).toEqual(model);
      }
      files.crash();
      expect(await files.read('/a')).toEqual(synced);
    }),
    { seed: 1, numRuns: 300 },
  );
});

function resized(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(size);
  copy.set(bytes.subarray(0, size));
  return copy;
}
