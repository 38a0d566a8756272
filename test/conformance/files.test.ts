/** What every disk must do: run on a folder of the machine and on a disk in memory. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { utf8 } from '../../src/lib/bytes.ts';
import { type Files, memoryFiles } from '../../src/net/index.ts';
import { realClock, realFiles } from '../../src/net/real/index.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function folderFiles(): Promise<Files> {
  const folder = await mkdtemp(join(tmpdir(), 'files-'));
  folders.push(folder);
  return realFiles(folder);
}

const DISKS: readonly (readonly [string, () => Promise<Files>])[] = [
  ['a folder of the machine', folderFiles],
  ['a disk in memory', async () => memoryFiles(realClock())],
];

describe.each(DISKS)('%s', (_, disk) => {
  test('keeps what is written, and replaces it whole', async () => {
    const files = await disk();
    await files.write('/a', utf8('a long text'));
    expect(await files.read('/a')).toEqual(utf8('a long text'));
    await files.write('/a', utf8('short'));
    expect(await files.read('//./a')).toEqual(utf8('short'));
    const info = await files.info('/a');
    expect(info).toMatchObject({ kind: 'file', size: 5 });
    expect(Math.abs(info.modified - Date.now())).toBeLessThan(60_000);
  });

  test('reads, writes and cuts an open file anywhere', async () => {
    const files = await disk();
    const file = await files.open('/a', 'write');
    await file.write(0, utf8('0123456789'));
    await file.write(12, utf8('xy'));
    await file.write(3, utf8('abc'));
    expect(await file.read(2, 5)).toEqual(utf8('2abc6'));
    expect(await file.read(9, 100)).toEqual(utf8('9\0\0xy'));
    expect(await file.read(100, 5)).toEqual(new Uint8Array(0));
    await file.truncate(4);
    await file.truncate(6);
    expect(await file.read(0, 10)).toEqual(utf8('012a\0\0'));
    expect(await file.info()).toMatchObject({ kind: 'file', size: 6 });
    await file.sync();
    await file.close();
    expect(await files.read('/a')).toEqual(utf8('012a\0\0'));
  });

  test('has directories, listed in order', async () => {
    const files = await disk();
    await files.makeDirectory('/mail');
    await files.makeDirectory('/mail/new');
    await files.write('/mail/b', utf8('b'));
    await files.write('/mail/a', utf8('a'));
    expect(await files.list('/')).toEqual(['mail']);
    expect(await files.list('/mail')).toEqual(['a', 'b', 'new']);
    expect(await files.info('/mail')).toMatchObject({ kind: 'directory' });
    await files.sync('/mail');
    await files.remove('/mail/new');
    expect(await files.list('/mail/')).toEqual(['a', 'b']);
  });

  test('renames, also over what is there', async () => {
    const files = await disk();
    await files.write('/a', utf8('new'));
    await files.write('/b', utf8('old'));
    await files.makeDirectory('/d');
    await files.rename('/a', '/b');
    await files.rename('/b', '/d/c');
    expect(await files.list('/')).toEqual(['d']);
    expect(await files.read('/d/c')).toEqual(utf8('new'));
    await files.rename('/d', '/e');
    expect(await files.read('/e/c')).toEqual(utf8('new'));
  });

  test('says no with a reason', async () => {
    const files = await disk();
    await files.write('/file', utf8('x'));
    await files.makeDirectory('/dir');
    await files.makeDirectory('/dir/sub');
    const refusals: readonly (readonly [() => Promise<unknown>, string])[] = [
      [() => files.read('/none'), 'FILE_NOT_FOUND'],
      [() => files.info('/none'), 'FILE_NOT_FOUND'],
      [() => files.open('/none', 'read'), 'FILE_NOT_FOUND'],
      [() => files.write('/none/x', utf8('x')), 'FILE_NOT_FOUND'],
      [() => files.remove('/none'), 'FILE_NOT_FOUND'],
      [() => files.rename('/none', '/x'), 'FILE_NOT_FOUND'],
      [() => files.open('/file', 'create'), 'FILE_EXISTS'],
      [() => files.makeDirectory('/dir'), 'FILE_EXISTS'],
      [() => files.list('/file'), 'FILE_NOT_A_DIRECTORY'],
      [() => files.info('/file/x'), 'FILE_NOT_A_DIRECTORY'],
      [() => files.read('/dir'), 'FILE_IS_A_DIRECTORY'],
      [() => files.open('/dir', 'read'), 'FILE_IS_A_DIRECTORY'],
      [() => files.write('/dir', utf8('x')), 'FILE_IS_A_DIRECTORY'],
      [() => files.remove('/dir'), 'FILE_NOT_EMPTY'],
      [() => files.rename('/dir', '/dir/sub/x'), 'FILE_NOT_PERMITTED'],
      [() => files.read('relative'), 'FILE_NOT_PERMITTED'],
      [() => files.read('/dir/../../etc/passwd'), 'FILE_NOT_PERMITTED'],
      [() => files.read('/file\0'), 'FILE_NOT_PERMITTED'],
    ];
    for (const [attempt, code] of refusals) {
      await expect(attempt(), String(attempt)).rejects.toMatchObject({ code });
    }
  });

  test('a file opened to be read cannot be written, a closed one not used', async () => {
    const files = await disk();
    await files.write('/a', utf8('x'));
    const file = await files.open('/a', 'read');
    await expect(file.write(0, utf8('y'))).rejects.toMatchObject({ name: 'FileError' });
    await file.close();
    await file.close();
    await expect(file.read(0, 1)).rejects.toMatchObject({ code: 'FILE_CLOSED' });
  });

  test('an open file lives on when its name is gone', async () => {
    const files = await disk();
    const file = await files.open('/a', 'create');
    await file.write(0, utf8('still here'));
    await files.remove('/a');
    expect(await files.list('/')).toEqual([]);
    expect(await file.read(0, 5)).toEqual(utf8('still'));
    await file.close();
  });
});
