/** EXPUNGE (RFC 9051 §6.4.3) and UID EXPUNGE (§6.4.9). */
import type { Of } from '../types.ts';
import type { Scanner } from './scanner.ts';
import { parseSet, setText } from './sequence-set.ts';
import { Pieces } from './text.ts';

export function parseExpunge(scanner: Scanner, uid: boolean): Of<'EXPUNGE'> {
  if (!uid) return { name: 'EXPUNGE', set: undefined };
  scanner.space();
  return { name: 'EXPUNGE', set: parseSet(scanner) };
}

export function expungePieces({ set }: Of<'EXPUNGE'>): Pieces {
  return new Pieces().add(set === undefined ? 'EXPUNGE' : `UID EXPUNGE ${setText(set)}`);
}
