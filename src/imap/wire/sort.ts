/** SORT (RFC 5256 §3; ESORT of RFC 5267 §3). */
import { badArgument } from '../errors.ts';
import type { Of, SortCriterion, SortField } from '../types.ts';
import { checkCharset } from './charset.ts';
import type { Scanner } from './scanner.ts';
import { addKey, parseProgram, parseReturns } from './search.ts';
import { Pieces } from './text.ts';

const FIELDS: readonly string[] = ['ARRIVAL', 'CC', 'DATE', 'FROM', 'SIZE', 'SUBJECT', 'TO'];

export function parseSort(scanner: Scanner, uid: boolean): Of<'SORT'> {
  scanner.space();
  const returns = parseReturns(scanner);
  const criteria = scanner.list(() => parseCriterion(scanner));
  scanner.space();
  const charset = scanner.astring('a charset');
  checkCharset(charset);
  scanner.space();
  return { name: 'SORT', uid, returns, criteria, key: parseProgram(scanner, charset) };
}

function parseCriterion(scanner: Scanner): SortCriterion {
  const { at } = scanner;
  const reverse = scanner.acceptWord('REVERSE');
  if (reverse) scanner.space();
  const word = scanner.word('what to sort by');
  if (FIELDS.includes(word)) return { field: word as SortField, reverse };
  throw badArgument(`SORT knows ${FIELDS.join(', ')}`, at);
}

export function sortPieces({ uid, returns, criteria, key }: Of<'SORT'>): Pieces {
  const by = criteria.map(({ field, reverse }) => `${reverse ? 'REVERSE ' : ''}${field}`).join(' ');
  const asked = returns ? `RETURN (${returns.join(' ')}) ` : '';
  const pieces = new Pieces().add(`${uid ? 'UID ' : ''}SORT ${asked}(${by}) UTF-8 `);
  return addKey(pieces, key, true);
}
