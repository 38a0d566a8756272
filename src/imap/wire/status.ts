/** STATUS (RFC 9051 §6.3.11; HIGHESTMODSEQ of RFC 7162 §3.1.7, APPENDLIMIT of RFC 7889). */
import { badArgument } from '../errors.ts';
import type { Of, StatusItem } from '../types.ts';
import type { Scanner } from './scanner.ts';
import { mailboxPiece, Pieces } from './text.ts';

const ITEMS: readonly string[] = [
  'MESSAGES',
  'RECENT',
  'UIDNEXT',
  'UIDVALIDITY',
  'UNSEEN',
  'DELETED',
  'SIZE',
  'HIGHESTMODSEQ',
  'APPENDLIMIT',
];

export function isStatusItem(word: string): word is StatusItem {
  return ITEMS.includes(word);
}

export function parseStatusItems(scanner: Scanner): StatusItem[] {
  return scanner.list(() => {
    const { at } = scanner;
    const word = scanner.word('what to tell');
    if (isStatusItem(word)) return word;
    throw badArgument(`STATUS knows ${ITEMS.join(', ')}`, at);
  });
}

export function parseStatus(scanner: Scanner): Of<'STATUS'> {
  scanner.space();
  const mailbox = scanner.mailbox();
  scanner.space();
  return { name: 'STATUS', mailbox, items: parseStatusItems(scanner) };
}

export function statusPieces({ mailbox, items }: Of<'STATUS'>, isUtf8: boolean): Pieces {
  return new Pieces().add('STATUS ', mailboxPiece(mailbox, isUtf8), ` (${items.join(' ')})`);
}
