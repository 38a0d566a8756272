/** COMPRESS (RFC 4978 §3). */
import { bad, no, ok, type Reply } from '../reply.ts';
import type { ImapSession } from '../session.ts';
import type { Of } from '../types.ts';

export function compress(
  { compressed, shared }: ImapSession,
  { mechanism }: Of<'COMPRESS'>,
): Reply {
  if (compressed) return no('It is compressed already', 'COMPRESSIONACTIVE');
  if (!shared.rules.compress || mechanism !== 'DEFLATE') return bad('DEFLATE is what can be had');
  return { ...ok('DEFLATE begins'), next: 'compress' };
}
