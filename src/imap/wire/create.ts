/** CREATE (RFC 9051 §6.3.4), with USE (RFC 6154 §3). */
import type { Of } from '../types.ts';
import type { Scanner } from './scanner.ts';
import { mailboxPiece, Pieces } from './text.ts';

export function parseCreate(scanner: Scanner): Of<'CREATE'> {
  scanner.space();
  const mailbox = scanner.mailbox();
  let use: readonly string[] = [];
  if (scanner.accept(' ')) {
    scanner.expect('(');
    if (!scanner.acceptWord('USE')) throw scanner.fault('USE');
    scanner.space();
    use = scanner.flags();
    scanner.expect(')');
  }
  return { name: 'CREATE', mailbox, use };
}

export function createPieces({ mailbox, use }: Of<'CREATE'>, isUtf8: boolean): Pieces {
  const pieces = new Pieces().add('CREATE ', mailboxPiece(mailbox, isUtf8));
  return use.length === 0 ? pieces : pieces.add(` (USE (${use.join(' ')}))`);
}
