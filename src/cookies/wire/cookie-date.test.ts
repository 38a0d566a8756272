import { expect, test } from 'vitest';
import { parseCookieDate } from './cookie-date.ts';

/** The moment that most rows name: a Sunday evening. */
const MOMENT = '1994-11-06T08:49:37.000Z';

test.each([
  ['Sun, 06 Nov 1994 08:49:37 GMT', MOMENT],
  ['Sunday, 06-Nov-94 08:49:37 GMT', MOMENT],
  ['Sun Nov  6 08:49:37 1994', MOMENT],
  ['06 Nov 1994 08:49:37', MOMENT],
  ['6 nov 1994 8:49:37', MOMENT],
  ['1994 Nov 06 08:49:37', MOMENT],
  ['08:49:37 06 Nov 94', MOMENT],
  ['Nov 06 94 08:49:37', MOMENT],
  ['november 06 1994 08:49:37', MOMENT],
  ['NOVX 06 1994 08:49:37', MOMENT],
  ['06 Nov 1994 08:49:37 PST', MOMENT],
  ['06/Nov/1994/08:49:37', MOMENT],
  ['06-Nov-1994-08:49:37', MOMENT],
  ['  06 Nov 1994 08:49:37  ', MOMENT],
  ['\t06\tNov\t1994\t08:49:37', MOMENT],
  ['06 Nov 1994 08:49:37 10:10:10', MOMENT],
  ['06 Nov Dec 1994 08:49:37', MOMENT],
  ['06x Nov 1994y 08:49:37z', MOMENT],
  ['06 Nov 1994 08:49:37.123', MOMENT],
  ['06 07 Nov 1994 08:49:37', '2007-11-06T08:49:37.000Z'],
  ['06 Nov 70 00:00:00', '1970-11-06T00:00:00.000Z'],
  ['06 Nov 99 00:00:00', '1999-11-06T00:00:00.000Z'],
  ['06 Nov 00 00:00:00', '2000-11-06T00:00:00.000Z'],
  ['06 Nov 69 00:00:00', '2069-11-06T00:00:00.000Z'],
  ['06 Nov 1601 00:00:00', '1601-11-06T00:00:00.000Z'],
  ['29 Feb 2024 00:00:00', '2024-02-29T00:00:00.000Z'],
  ['31 Dec 9999 23:59:59', '9999-12-31T23:59:59.000Z'],
  ['1 Jan 2030 0:0:0', '2030-01-01T00:00:00.000Z'],
])('%s', (text, moment) => {
  const parsed = parseCookieDate(text);
  expect(parsed === undefined ? undefined : new Date(parsed).toISOString()).toBe(moment);
});

test.each([
  '',
  '0',
  'tomorrow',
  'Sun, 06 Nov 1994',
  'Nov 1994 08:49:37',
  '06 1994 08:49:37',
  '06 Nov 08:49:37',
  '00 Nov 1994 08:49:37',
  '32 Nov 1994 08:49:37',
  '31 Nov 1994 08:49:37',
  '29 Feb 2023 00:00:00',
  '30 Feb 2024 00:00:00',
  '06 Nov 1600 08:49:37',
  '06 Nov 100 08:49:37',
  '06 Nov 19940 08:49:37',
  '006 Nov 1994 08:49:37',
  '06 Nov 1994 24:00:00',
  '06 Nov 1994 08:60:37',
  '06 Nov 1994 08:49:60',
  '06 Nov 1994 08:49',
  '06 Nov 1994 008:49:37',
  '06 No 1994 08:49:37',
  '1994-11-06T08:49:37Z',
])('%j is no date', (text) => expect(parseCookieDate(text)).toBeUndefined());
