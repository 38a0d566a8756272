/** Queries: one line that CR LF ends (RFC 3912 §2). LF alone is understood, people type it. */
import { concat, EMPTY, fromUtf8, utf8 } from '../../lib/bytes.ts';
import { QUERY_LIMIT } from '../defaults.ts';
import { badQuery, queryTooLong } from '../errors.ts';

const LF = 10;
const CR = 13;

/** Takes bytes until the query is whole. What comes after it is not looked at. */
export class QueryReader {
  private rest: Uint8Array = EMPTY;

  /** The query, once its line is complete. Throws ProtocolError. */
  push(bytes: Uint8Array): string | undefined {
    const known = this.rest.length;
    this.rest = concat([this.rest, bytes.subarray(0, QUERY_LIMIT + 2)]);
    const end = this.rest.indexOf(LF, known);
    if (end < 0 && this.rest.length <= QUERY_LIMIT + 1) return undefined;
    const length = end < 0 ? this.rest.length : end;
    const isCr = length > 0 && this.rest[length - 1] === CR;
    const line = this.rest.subarray(0, isCr && end >= 0 ? length - 1 : length);
    if (line.length > QUERY_LIMIT) throw queryTooLong();
    return parseQuery(line);
  }
}

/** No character set is agreed on (RFC 3912 §4): UTF-8 is what is used where ASCII is not enough. */
function parseQuery(line: Uint8Array): string {
  const at = line.findIndex((byte) => byte < 32 && byte !== 9);
  if (at >= 0) throw badQuery('a control character in the query', at);
  return fromUtf8(line).trim();
}

/** Throws ProtocolError for a text that is not one line. */
export function encodeQuery(query: string): Uint8Array {
  const at = query.search(/\p{Cc}/u);
  if (at >= 0) throw badQuery('a query is one line', at);
  const bytes = utf8(`${query}\r\n`);
  if (bytes.length > QUERY_LIMIT + 2) throw queryTooLong();
  return bytes;
}
