/** Dates as IMAP writes them (RFC 9051 §9: date, date-time). */
import type { Scanner } from './scanner.ts';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const DATE = /^(\d{1,2})-([A-Za-z]{3})-(\d{4})$/;
const DATE_TIME = /^( \d|\d\d)-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/;

function dayOf(day: string, month: string, year: string): number | undefined {
  const index = MONTHS.findIndex((name) => name.toLowerCase() === month.toLowerCase());
  const ms = Date.UTC(Number(year), index, Number(day));
  return index < 0 || new Date(ms).getUTCDate() !== Number(day) ? undefined : ms;
}

/** `1-Feb-2026`, with quotes or without: the beginning of that day in UTC. */
export function parseDate(scanner: Scanner): number {
  const { at } = scanner;
  const text = scanner.astring('a date such as 1-Feb-2026');
  const [, day = '', month = '', year = ''] = DATE.exec(text) ?? [];
  const ms = day === '' ? undefined : dayOf(day, month, year);
  if (ms !== undefined) return ms;
  scanner.at = at;
  throw scanner.fault('a date such as 1-Feb-2026');
}

/** `"17-Jul-1996 02:44:25 -0700"`: milliseconds since 1970. */
export function parseDateTime(scanner: Scanner): number {
  const { at } = scanner;
  const ms = scanner.peek === '"' ? dateTime(scanner.string()) : undefined;
  if (ms !== undefined) return ms;
  scanner.at = at;
  throw scanner.fault('a time such as "17-Jul-1996 02:44:25 -0700"');
}

function dateTime(text: string): number | undefined {
  const [whole, day = '', month = '', year = '', h, m, s, sign, zh, zm] =
    DATE_TIME.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const midnight = dayOf(day, month, year);
  const [hours, minutes, seconds] = [Number(h), Number(m), Number(s)];
  if (midnight === undefined || hours > 23 || minutes > 59 || seconds > 60) return undefined;
  const away = (Number(zh) * 60 + Number(zm)) * (sign === '-' ? -1 : 1);
  return midnight + ((hours * 60 + minutes - away) * 60 + seconds) * 1000;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** `1-Feb-2026`, of a day in UTC. */
export function dateText(ms: number): string {
  const at = new Date(ms);
  const year = String(at.getUTCFullYear()).padStart(4, '0');
  return `${at.getUTCDate()}-${MONTHS[at.getUTCMonth()]}-${year}`;
}

/** `"17-Jul-1996 09:44:25 +0000"`, in UTC, with its quotes. */
export function dateTimeText(ms: number): string {
  const at = new Date(ms);
  const day = String(at.getUTCDate()).padStart(2, ' ');
  const year = String(at.getUTCFullYear()).padStart(4, '0');
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  return `"${day}-${MONTHS[at.getUTCMonth()]}-${year} ${time} +0000"`;
}
