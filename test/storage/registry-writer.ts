/** Registers names as fast as it can, and says each number once it was told that it is done. To be killed. */
import { writeSync } from 'node:fs';
import { realHost } from '../../src/net/real/index.ts';
import { Registry } from '../../src/registration/index.ts';
import { sqliteStores } from '../../src/storage/index.ts';
import { COM } from './com.ts';

const stores = sqliteStores(process.argv[2] ?? '');
const registry = await Registry.open(realHost(), {
  zone: 'com.',
  base: COM,
  store: stores.registry('com.'),
  registrars: [{ id: 'course', name: 'Course', secret: 'x' }],
  onZone: () => {},
});
for (let number = registry.domains().length; ; number++) {
  const name = `n${number}.com`;
  await registry.execute({ command: 'create', name, registrant: { name: 'Ann' } }, 'course');
  writeSync(1, `${number}\n`);
}
