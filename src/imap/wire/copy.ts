/** COPY and MOVE (RFC 9051 §6.4.7, §6.4.8). */
import type { Of } from '../types.ts';
import type { Scanner } from './scanner.ts';
import { parseSet, setText } from './sequence-set.ts';
import { mailboxPiece, Pieces } from './text.ts';

export function parseCopy(scanner: Scanner, name: 'COPY' | 'MOVE', uid: boolean): Of<'COPY'> {
  scanner.space();
  const set = parseSet(scanner);
  scanner.space();
  return { name, uid, set, mailbox: scanner.mailbox() };
}

export function copyPieces({ name, uid, set, mailbox }: Of<'COPY'>, isUtf8: boolean): Pieces {
  const head = `${uid ? 'UID ' : ''}${name} ${setText(set)} `;
  return new Pieces().add(head, mailboxPiece(mailbox, isUtf8));
}
