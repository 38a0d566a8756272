import { FileError } from '../lib/errors.ts';

/** The names of an absolute path. Throws FileError where it is none, or could lead out of its root. */
export function pathNames(path: string): string[] {
  if (!path.startsWith('/') || path.includes('\0')) throw new FileError('not-permitted', path);
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (names.includes('..')) throw new FileError('not-permitted', path);
  return names;
}
