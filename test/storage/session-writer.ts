/** Saves entries as fast as it can, and says each number once it is kept. To be killed. */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteSiteStore } from '../../src/storage/index.ts';

const { sessions: store } = sqliteSiteStore(join(process.argv[2] ?? '', 'site.sqlite'));
const [latest] = await store.entries(1);
for (let number = (latest?.seen ?? 0) + 1; ; number++) {
  const entry = { created: 0, seen: number, expires: 1e15, data: { number } };
  // Each takes the place of one before: there are never more than seven.
  await store.save({ ...entry, id: `v${number}` }, `v${number - 7}`);
  writeSync(1, `${number}\n`);
}
