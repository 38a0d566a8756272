/** The bytes of contents: their own pieces, and those of what they build on. */
import { concat } from '../../lib/bytes.ts';
import { mailError } from '../errors.ts';
import type { ContentTable, StoredContent } from './tables.ts';

/** In order; each at most PIECE_SIZE and what one write added. Throws MAIL_GONE when it is asked for the first. */
export function* contentPieces(contents: ContentTable, id: number): Generator<Uint8Array> {
  for (let next: number | undefined = id; next !== undefined; ) {
    const row = contents.get(next);
    if (!row) throw mailError('MAIL_GONE', 'The message is gone');
    yield* ownPieces(contents, row);
    next = row.base;
  }
}

/** Without those of its base. */
export function* ownPieces(
  contents: ContentTable,
  { id, own }: Pick<StoredContent, 'id' | 'own'>,
): Generator<Uint8Array> {
  for (let index = 0, left = own; left > 0; index++) {
    const piece = contents.piece(id, index);
    if (!piece) throw mailError('MAIL_GONE', 'The message is gone');
    left -= piece.length;
    yield piece;
  }
}

/** All of it. Throws MAIL_GONE. */
export function contentBytes(contents: ContentTable, id: number): Uint8Array {
  return concat([...contentPieces(contents, id)]);
}
