import { expect, test } from 'vitest';
import { addressLine, firstName, initials, personName, shortDate, sizeText } from './format.ts';

const NOW = new Date(2026, 10, 26, 15, 0);

test.each<[Date, string]>([
  [new Date(2026, 10, 26, 9, 5), '09:05'],
  [new Date(2026, 10, 24, 9, 5), 'Tue'],
  [new Date(2026, 10, 3), '3 Nov'],
  [new Date(2025, 10, 3), '3 Nov 2025'],
  [new Date(2026, 11, 3), '3 Dec'],
])('%s is %s', (date, text) => {
  expect(shortDate(date.toISOString(), NOW)).toBe(text);
});

test.each([
  [0, '0 B'],
  [1_500, '1.5 kB'],
  [15_400, '15 kB'],
  [2_340_000, '2.3 MB'],
])('%d bytes', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

test.each([
  [{ name: 'Alice Adams', email: 'a@x' }, 'Alice Adams', 'Alice', 'AA', 'Alice Adams <a@x>'],
  [{ name: null, email: 'bob@x.org' }, 'bob', 'bob', 'B', 'bob@x.org'],
  [{ name: 'Adams, Alice', email: 'a@x' }, 'Adams, Alice', 'Adams', 'AA', '"Adams, Alice" <a@x>'],
  [{ name: ' ', email: '' }, '', '', '?', '  <>'],
])('%o', (person, name, first, short, line) => {
  expect([personName(person), firstName(person), initials(person), addressLine(person)]).toEqual([
    name,
    first,
    short,
    line,
  ]);
});
