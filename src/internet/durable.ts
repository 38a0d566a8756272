import { utf8 } from '../lib/bytes.ts';
import type { Files } from '../net/index.ts';

/** Replaces the text of a file in an existing folder, for good: it outlives a power cut. */
export async function writeDurably(
  files: Files,
  folder: string,
  name: string,
  text: string,
): Promise<void> {
  const file = await files.open(`${folder === '/' ? '' : folder}/${name}`, 'write');
  await file.truncate(0);
  await file.write(0, utf8(text));
  await file.sync();
  await file.close();
  await files.sync(folder);
}
