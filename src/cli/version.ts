import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The root of the package: src/cli and dist/cli are equally deep. */
export const PACKAGE_ROOT: string = join(import.meta.dirname, '..', '..');

/** The pages of the dashboard and of the webmail, where they are built. */
export const PAGES: string = join(PACKAGE_ROOT, 'web', 'dist');

/** As package.json says. */
export const VERSION: string = (
  JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string }
).version;
