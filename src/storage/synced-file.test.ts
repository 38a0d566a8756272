/** When a file is worth waiting for in place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SyncedFile } from './synced-file.ts';

let folder: string;
let file: SyncedFile;
let now: number;
let eachTakes: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toplayer-synced-'));
  writeFileSync(join(folder, 'file'), '');
  file = new SyncedFile(join(folder, 'file'));
  [now, eachTakes] = [0, 0.2];
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += eachTakes;
    return now;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  file.close();
  rmSync(folder, { recursive: true });
});

it('is slow while there is something to sync, and the last time took long', async () => {
  file.touch();
  expect(file.isSlow).toBe(false);
  eachTakes = 5;
  file.syncNow();
  expect(file.isSlow).toBe(false);
  file.touch();
  expect(file.isSlow).toBe(true);
  eachTakes = 0.2;
  await file.sync();
  file.touch();
  expect(file.isSlow).toBe(false);
});

it('measures the syncs of the thread pool too', async () => {
  eachTakes = 5;
  file.touch();
  await file.sync();
  file.touch();
  expect(file.isSlow).toBe(true);
});
