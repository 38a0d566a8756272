/** Whether a connection lives on after a message (RFC 9112 §9.3). */
import type { HeaderList } from '../../lib/ordered-headers.ts';
import type { Version } from '../types.ts';
import { listNames } from '../wire/tokens.ts';

export function isPersistent(version: Version, headers: HeaderList): boolean {
  const options = headers.joined('Connection');
  if (listNames(options, 'close')) return false;
  return version === '1.1' || listNames(options, 'keep-alive');
}
