/** The part of a list that is wanted (RFC 8620 §5.5). */
import { methodError } from '../errors.ts';
import type { Json, JsonObject, WindowRequest } from '../types.ts';

export interface Windowed {
  readonly position: number;
  readonly ids: readonly string[];
  /** What the answer says of it. */
  readonly answer: JsonObject;
}

/** Throws anchorNotFound. */
export function windowOf<Row>(
  rows: readonly Row[],
  idOf: (row: Row) => string,
  request: WindowRequest,
  most: number,
): Windowed {
  const position = positionOf(rows, idOf, request);
  const limit = Math.min(request.limit ?? most, most);
  const ids = rows.slice(position, position + limit).map(idOf);
  const answer: Record<string, Json> = { position, ids };
  if (request.calculateTotal) answer['total'] = rows.length;
  if (limit !== request.limit && (request.limit !== undefined || rows.length - position > limit)) {
    answer['limit'] = limit;
  }
  return { position, ids, answer };
}

function positionOf<Row>(
  rows: readonly Row[],
  idOf: (row: Row) => string,
  { position, anchor, anchorOffset }: WindowRequest,
): number {
  if (anchor === undefined) {
    return position >= 0 ? position : Math.max(0, rows.length + position);
  }
  const at = rows.findIndex((row) => idOf(row) === anchor);
  if (at < 0) throw methodError('anchorNotFound', `${anchor} is not among the results`);
  return Math.max(0, at + anchorOffset);
}
