/** ID (RFC 2971): who is speaking. */
import { ID_FIELDS_LIMIT, ID_VALUE_LIMIT } from '../defaults.ts';
import { badArgument } from '../errors.ts';
import type { Of } from '../types.ts';
import type { Scanner } from './scanner.ts';
import { type Piece, Pieces, stringPiece } from './text.ts';

export type IdFields = ReadonlyMap<string, string | null> | null;

/** `("name" "x" "version" NIL)` or NIL. */
export function parseIdFields(scanner: Scanner): IdFields {
  if (scanner.acceptWord('NIL')) return null;
  const fields = new Map<string, string | null>();
  const { at } = scanner;
  scanner.list(
    () => {
      const name = scanner.string('the name of a field');
      scanner.space();
      const value = scanner.nstring();
      if (name.length > ID_FIELDS_LIMIT || (value?.length ?? 0) > ID_VALUE_LIMIT) {
        throw badArgument('A field of ID is too long', at);
      }
      fields.set(name.toLowerCase(), value);
    },
    0,
    ID_FIELDS_LIMIT,
  );
  return fields;
}

export function parseId(scanner: Scanner): Of<'ID'> {
  scanner.space();
  return { name: 'ID', fields: parseIdFields(scanner) };
}

export function idFieldsPieces(fields: IdFields): Piece[] {
  if (!fields || fields.size === 0) return ['NIL'];
  const pieces: Piece[] = ['('];
  for (const [name, value] of fields) {
    if (pieces.length > 1) pieces.push(' ');
    pieces.push(stringPiece(name, false), ' ', value === null ? 'NIL' : stringPiece(value, false));
  }
  return [...pieces, ')'];
}

export function idPieces({ fields }: Of<'ID'>): Pieces {
  return new Pieces().add('ID ', ...idFieldsPieces(fields));
}
