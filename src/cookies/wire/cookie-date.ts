/** Dates in cookies: anything that once worked in a browser (RFC 6265bis §5.1.1). */

/** delimiter = %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E */
const DELIMITERS = /[\t\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+/;

/** hms-time [ non-digit *OCTET ] */
const TIME = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?!\d)/;
const DAY = /^(\d{1,2})(?!\d)/;
const MONTH = /^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;
const YEAR = /^(\d{2,4})(?!\d)/;

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** What was found so far; each is taken from the first token that fits. */
interface Found {
  time?: readonly number[];
  day?: number;
  month?: number;
  year?: number;
}

/** Milliseconds since 1970; undefined when it is no date. */
export function parseCookieDate(text: string): number | undefined {
  const found: Found = {};
  for (const token of text.split(DELIMITERS)) take(token, found);
  const { time, day, month, year } = found;
  if (!time || day === undefined || month === undefined || year === undefined) return undefined;
  const [hour = 0, minute = 0, second = 0] = time;
  const full = fullYear(year);
  if (day < 1 || day > 31 || full < 1601 || hour > 23 || minute > 59 || second > 59)
    return undefined;
  const date = new Date(Date.UTC(full, month, day, hour, minute, second));
  // The 30th of February exists in no year: the calendar would carry it over.
  return date.getUTCDate() === day ? date.getTime() : undefined;
}

function take(token: string, found: Found): void {
  const time = found.time ? null : TIME.exec(token);
  if (time) {
    found.time = time.slice(1, 4).map(Number);
    return;
  }
  const day = found.day === undefined ? DAY.exec(token) : null;
  if (day) {
    found.day = Number(day[1]);
    return;
  }
  const month = found.month === undefined ? MONTH.exec(token) : null;
  if (month) {
    found.month = MONTHS.indexOf((month[1] as string).toLowerCase());
    return;
  }
  const year = found.year === undefined ? YEAR.exec(token) : null;
  if (year) found.year = Number(year[1]);
}

/** Years of two digits: 70 to 99 are of the last century, 0 to 69 of this one. */
function fullYear(year: number): number {
  if (year >= 70 && year <= 99) return year + 1900;
  return year <= 69 ? year + 2000 : year;
}
