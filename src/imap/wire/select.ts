/** SELECT and EXAMINE (RFC 9051 §6.3.2), with CONDSTORE and QRESYNC (RFC 7162 §3.1.8, §3.2.5). */
import type { Of, QResync } from '../types.ts';
import type { Scanner } from './scanner.ts';
import { parseRanges, setText } from './sequence-set.ts';
import { mailboxPiece, Pieces } from './text.ts';

export function parseSelect(scanner: Scanner, name: 'SELECT' | 'EXAMINE'): Of<'SELECT'> {
  scanner.space();
  const mailbox = scanner.mailbox();
  let condstore = false;
  let qresync: QResync | undefined;
  if (scanner.accept(' ')) {
    scanner.list(() => {
      if (scanner.acceptWord('CONDSTORE')) condstore = true;
      else if (scanner.acceptWord('QRESYNC')) qresync = parseQResync(scanner);
      else throw scanner.fault('CONDSTORE or QRESYNC');
    });
  }
  return {
    name,
    mailbox,
    condstore: condstore || qresync !== undefined,
    ...(qresync && { qresync }),
  };
}

function parseQResync(scanner: Scanner): QResync {
  scanner.space();
  scanner.expect('(');
  const uidValidity = scanner.number('a UIDVALIDITY');
  scanner.space();
  const modSeq = scanner.number64('a mod-sequence');
  let known: QResync['known'];
  let match: QResync['match'];
  let hasMore = scanner.accept(' ');
  if (hasMore && scanner.peek !== '(') {
    known = parseRanges(scanner);
    hasMore = scanner.accept(' ');
  }
  if (hasMore) {
    scanner.expect('(');
    const numbers = parseRanges(scanner);
    scanner.space();
    match = { numbers, uids: parseRanges(scanner) };
    scanner.expect(')');
  }
  scanner.expect(')');
  return { uidValidity, modSeq, ...(known && { known }), ...(match && { match }) };
}

export function selectPieces(
  { name, mailbox, condstore, qresync }: Of<'SELECT'>,
  isUtf8: boolean,
): Pieces {
  const pieces = new Pieces().add(`${name} `, mailboxPiece(mailbox, isUtf8));
  if (qresync) {
    const { uidValidity, modSeq, known, match } = qresync;
    const seen = known ? ` ${setText(known)}` : '';
    const pairs = match ? ` (${setText(match.numbers)} ${setText(match.uids)})` : '';
    pieces.add(` (QRESYNC (${uidValidity} ${modSeq}${seen}${pairs}))`);
  } else if (condstore) pieces.add(' (CONDSTORE)');
  return pieces;
}
