/** Dates as HTTP writes them (RFC 9110 §5.6.7): IMF-fixdate out, all three forms in. */

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

/** `Sun, 06 Nov 1994 08:49:37 GMT` */
export function formatDate(ms: number): string {
  const date = new Date(ms);
  const day = `${DAYS[date.getUTCDay()]}, ${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]}`;
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${day} ${year} ${time} GMT`;
}

const TIME = '(\\d\\d):(\\d\\d):(\\d\\d)';
const IMF = new RegExp(`^(?:${DAYS.join('|')}), (\\d\\d) ([A-Z][a-z]{2}) (\\d{4}) ${TIME} GMT$`);
const RFC850 = new RegExp(`^[A-Z][a-z]+day, (\\d\\d)-([A-Z][a-z]{2})-(\\d\\d) ${TIME} GMT$`);
const ASCTIME = new RegExp(`^(?:${DAYS.join('|')}) ([A-Z][a-z]{2}) ([ \\d]\\d) ${TIME} (\\d{4})$`);

/**
 * Milliseconds since 1970, or undefined for anything else. A two-digit year that seems more than
 * 50 years after `now` is taken as past (RFC 9110 §5.6.7).
 */
export function parseDate(text: string, now = 0): number | undefined {
  const imf = IMF.exec(text);
  if (imf) return utc(imf[3], imf[2], imf[1], imf.slice(4));
  const ascii = ASCTIME.exec(text);
  if (ascii) return utc(ascii[6], ascii[1], ascii[2], ascii.slice(3, 6));
  const old = RFC850.exec(text);
  if (!old) return undefined;
  const present = new Date(now).getUTCFullYear();
  let year = present - (present % 100) + Number(old[3]);
  if (year > present + 50) year -= 100;
  return utc(String(year), old[2], old[1], old.slice(4));
}

function utc(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
  time: readonly string[],
): number | undefined {
  const index = MONTHS.indexOf(month ?? '');
  const [hour, minute, second] = time.map(Number) as [number, number, number];
  const date = Number(day);
  // A leap second is written as 60 (RFC 9110 §5.6.7, by way of RFC 5322).
  if (index < 0 || hour > 23 || minute > 59 || second > 60 || date < 1) return undefined;
  const ms = Date.UTC(Number(year), index, date, hour, minute, second);
  return new Date(ms - (second === 60 ? 1000 : 0)).getUTCDate() === date ? ms : undefined;
}
