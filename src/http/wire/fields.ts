/** Header and trailer fields from the text of a head (RFC 9112 §5). */
import { type HeaderField, HeaderList, NO_HEADERS } from '../../lib/ordered-headers.ts';
import { FIELD_COUNT_LIMIT } from '../defaults.ts';
import { broken } from '../errors.ts';
import { TOKEN_CHARS } from './tokens.ts';

const COLON = 58;

/**
 * The fields of `text` from `at` to `end`. Lines end with `eol`; the caller has made sure that no
 * other control character but HT is there. `base` is added to offsets in errors.
 */
export function parseFields(
  text: string,
  at: number,
  end: number,
  eol: string,
  base: number,
): HeaderList {
  if (at >= end) return NO_HEADERS;
  const fields: HeaderField[] = [];
  for (let start = at; start < end; ) {
    let stop = text.indexOf(eol, start);
    if (stop < 0 || stop > end) stop = end;
    if (fields.length === FIELD_COUNT_LIMIT) throw tooMany(base + start);
    fields.push(parseField(text, start, stop, base));
    start = stop + eol.length;
  }
  return new HeaderList(fields);
}

function parseField(text: string, start: number, stop: number, base: number): HeaderField {
  let colon = start;
  while (colon < stop && TOKEN_CHARS[text.charCodeAt(colon)] === 1) colon++;
  if (colon === start || colon === stop || text.charCodeAt(colon) !== COLON) {
    throw badName(text, start, colon, stop, base);
  }
  let from = colon + 1;
  while (from < stop && isBlank(text.charCodeAt(from))) from++;
  let to = stop;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return [text.slice(start, colon), text.slice(from, to)];
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

function tooMany(offset: number): Error {
  const text = `More than ${FIELD_COUNT_LIMIT} header fields`;
  return broken('HTTP_TOO_MANY_FIELDS', text, 'RFC 9110 §5.4', offset, 431);
}

function badName(text: string, start: number, at: number, stop: number, base: number): Error {
  const code = text.charCodeAt(at);
  if (at === start && isBlank(code)) {
    const message = 'A header line begins with white space: folded lines are not accepted';
    return broken('HTTP_OBS_FOLD', message, 'RFC 9112 §5.2', base + at);
  }
  if (at === start && code === COLON) {
    return broken('HTTP_BAD_FIELD', 'A header field has no name', 'RFC 9112 §5', base + at);
  }
  if (at === stop) {
    const message = `The header line "${text.slice(start, Math.min(stop, start + 40))}" has no colon`;
    return broken('HTTP_BAD_FIELD', message, 'RFC 9112 §5', base + at);
  }
  if (isBlank(code) && /^[ \t]*:/.test(text.slice(at, stop))) {
    const message = `White space between the name ${text.slice(start, at)} and its colon`;
    return broken('HTTP_SPACE_BEFORE_COLON', message, 'RFC 9112 §5.1', base + at);
  }
  const message = `A character that no field name may have: ${JSON.stringify(text.charAt(at))}`;
  return broken('HTTP_BAD_FIELD', message, 'RFC 9110 §5.1', base + at);
}
