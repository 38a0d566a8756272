/** RENAME (RFC 9051 §6.3.6). */
import type { Of } from '../types.ts';
import type { Scanner } from './scanner.ts';
import { mailboxPiece, Pieces } from './text.ts';

export function parseRename(scanner: Scanner): Of<'RENAME'> {
  scanner.space();
  const from = scanner.mailbox();
  scanner.space();
  return { name: 'RENAME', from, to: scanner.mailbox() };
}

export function renamePieces({ from, to }: Of<'RENAME'>, isUtf8: boolean): Pieces {
  return new Pieces().add('RENAME ', mailboxPiece(from, isUtf8), ' ', mailboxPiece(to, isUtf8));
}
