/** Dates of messages (RFC 5322 §3.3), the obsolete forms of §4.3 with them. */
import type { MailDate } from '../types.ts';
import { withoutComments } from './lexer.ts';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const DAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');

/** Minutes east of Greenwich (§4.3); the letters of the military mean nothing sure: -0000. */
const ZONES: Readonly<Record<string, number>> = {
  UT: 0,
  GMT: 0,
  UTC: 0,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
};

const DATE =
  /^(?:[a-z]{2,9}\.?\s*,?\s+)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*\.?[\s-]+(\d{2,5})\s*,?\s+(\d{1,2})\s*[:.]\s*(\d{2})(?:\s*[:.]\s*(\d{2})(?:\.\d+)?)?\s*(\S.*)?$/i;

/** Undefined for what is no date. Day names are not held against the date, as most programs do. */
export function parseMailDate(value: string): MailDate | undefined {
  const match = DATE.exec(withoutComments(value.slice(0, 200)));
  if (!match) return undefined;
  const [, day, name = '', year = '', hour, minute, second = '0', zoneText = ''] = match;
  const month = MONTHS.findIndex((known) => known.toLowerCase() === name.toLowerCase());
  if (month < 0) return undefined;
  const [d, h, m, s] = [Number(day), Number(hour), Number(minute), Number(second)];
  const full = fullYear(year);
  // A leap second is the first of the next minute: the clock has no other.
  const ms = Date.UTC(full, month, d, h, m, s);
  if (d < 1 || new Date(Date.UTC(full, month, d)).getUTCDate() !== d) return undefined;
  if (h > 23 || m > 59 || s > 60) return undefined;
  const zone = zoneOf(zoneText.trim());
  return { ms: ms - zone * 60_000, zone };
}

/** Years of two and three digits (§4.3). */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return text.length === 3 ? 1900 + year : year;
}

function zoneOf(text: string): number {
  const match = /^(?:GMT|UTC)?\s*([+-])(\d{2}):?(\d{2})/i.exec(text);
  if (match) {
    const [, sign, hours, minutes] = match;
    const total = Number(hours) * 60 + Number(minutes);
    return total >= 24 * 60 ? 0 : sign === '-' ? -total || 0 : total;
  }
  const name = /^[A-Z]+/i.exec(text)?.[0].toUpperCase() ?? '';
  return Object.hasOwn(ZONES, name) ? (ZONES[name] as number) : 0;
}

/** `Thu, 26 Nov 2026 08:05:39 +0100`. */
export function formatMailDate({ ms, zone }: MailDate): string {
  const there = new Date(ms + zone * 60_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = [there.getUTCHours(), there.getUTCMinutes(), there.getUTCSeconds()]
    .map(two)
    .join(':');
  const away = Math.abs(zone);
  const offset = `${zone < 0 ? '-' : '+'}${two(Math.floor(away / 60))}${two(away % 60)}`;
  const year = String(there.getUTCFullYear()).padStart(4, '0');
  return `${DAYS[there.getUTCDay()]}, ${there.getUTCDate()} ${MONTHS[there.getUTCMonth()]} ${year} ${time} ${offset}`;
}
