/** LIST, as it was and extended (RFC 9051 §6.3.9, RFC 5258, RFC 5819, RFC 6154), and LSUB (RFC 3501 §6.3.9). */
import { badArgument } from '../errors.ts';
import type { ListReturn, ListSelection, Of } from '../types.ts';
import type { Scanner } from './scanner.ts';
import { parseStatusItems } from './status.ts';
import { mailboxPiece, Pieces } from './text.ts';

const SELECTIONS: readonly string[] = ['SUBSCRIBED', 'REMOTE', 'RECURSIVEMATCH', 'SPECIAL-USE'];

export function parseList(scanner: Scanner): Of<'LIST'> {
  scanner.space();
  let extended = false;
  let selection: ListSelection[] = [];
  if (scanner.peek === '(') {
    extended = true;
    selection = scanner.list(() => parseSelection(scanner), 0);
    // RFC 5258 §3.1: it changes a selection, and is none.
    if (selection.includes('RECURSIVEMATCH') && !selection.includes('SUBSCRIBED')) {
      throw badArgument('RECURSIVEMATCH goes with SUBSCRIBED', scanner.at);
    }
    scanner.space();
  }
  const reference = scanner.mailbox('a reference');
  scanner.space();
  const isMany = scanner.peek === '(';
  const patterns = isMany
    ? scanner.list(() => scanner.mailbox('a pattern'))
    : [scanner.mailbox('a pattern')];
  let returns: ListReturn = {};
  if (scanner.accept(' ')) {
    if (!scanner.acceptWord('RETURN')) throw scanner.fault('RETURN');
    scanner.space();
    returns = Object.assign({}, ...scanner.list(() => parseReturn(scanner), 0)) as ListReturn;
    extended = true;
  }
  return { name: 'LIST', reference, patterns, selection, returns, extended: extended || isMany };
}

function parseSelection(scanner: Scanner): ListSelection {
  const { at } = scanner;
  const word = scanner.word();
  if (SELECTIONS.includes(word)) return word as ListSelection;
  throw badArgument(`LIST does not know ${word}`, at);
}

function parseReturn(scanner: Scanner): ListReturn {
  const { at } = scanner;
  switch (scanner.word()) {
    case 'SUBSCRIBED':
      return { subscribed: true };
    case 'CHILDREN':
      return { children: true };
    case 'SPECIAL-USE':
      return { specialUse: true };
    case 'STATUS':
      scanner.space();
      return { status: parseStatusItems(scanner) };
  }
  throw badArgument('LIST can return SUBSCRIBED, CHILDREN, SPECIAL-USE, STATUS', at);
}

export function listPieces(
  { selection, reference, patterns, returns, extended }: Of<'LIST'>,
  isUtf8: boolean,
): Pieces {
  const pieces = new Pieces().add('LIST ');
  if (selection.length > 0) pieces.add(`(${selection.join(' ')}) `);
  pieces.add(mailboxPiece(reference, isUtf8), ' ', extended ? '(' : '');
  patterns.forEach((pattern, i) => {
    pieces.add(i > 0 ? ' ' : '', mailboxPiece(pattern, isUtf8));
  });
  if (extended) pieces.add(')');
  const options = returnTexts(returns);
  return options.length === 0 ? pieces : pieces.add(` RETURN (${options.join(' ')})`);
}

function returnTexts({ subscribed, children, specialUse, status }: ListReturn): string[] {
  return [
    ...(subscribed ? ['SUBSCRIBED'] : []),
    ...(children ? ['CHILDREN'] : []),
    ...(specialUse ? ['SPECIAL-USE'] : []),
    ...(status ? [`STATUS (${status.join(' ')})`] : []),
  ];
}

export function parseLsub(scanner: Scanner): Of<'LSUB'> {
  scanner.space();
  const reference = scanner.mailbox('a reference');
  scanner.space();
  return { name: 'LSUB', reference, pattern: scanner.mailbox('a pattern') };
}

export function lsubPieces({ reference, pattern }: Of<'LSUB'>, isUtf8: boolean): Pieces {
  const pieces = new Pieces().add('LSUB ', mailboxPiece(reference, isUtf8), ' ');
  return pieces.add(mailboxPiece(pattern, isUtf8));
}
