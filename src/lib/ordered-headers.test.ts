import { expect, test } from 'vitest';
import { HeaderList, NO_HEADERS } from './ordered-headers.ts';

const list = new HeaderList([
  ['Host', 'a'],
  ['Accept', 'x'],
  ['ACCEPT', 'y'],
]);

test('names are found whatever their case, values kept in order', () => {
  expect(list.get('host')).toBe('a');
  expect(list.all('accept')).toEqual(['x', 'y']);
  expect(list.joined('Accept')).toBe('x, y');
  expect(list.joined('Host')).toBe('a');
  expect([list.has('HOST'), list.has('Hos'), list.get('none'), list.joined('none')]).toEqual([
    true,
    false,
    undefined,
    undefined,
  ]);
  expect([...list].map(([name]) => name)).toEqual(['Host', 'Accept', 'ACCEPT']);
});

test('a change gives another list', () => {
  expect([...list.with('accept', 'z')]).toEqual([
    ['Host', 'a'],
    ['accept', 'z'],
  ]);
  expect([...list.with('X', 'z')].at(-1)).toEqual(['X', 'z']);
  expect([...list.without('accept')]).toEqual([['Host', 'a']]);
  expect([...list.appended('host', 'b')]).toHaveLength(4);
  expect(list.size).toBe(3);
});

test('is made from pairs, objects, other lists, and nothing', () => {
  expect([...HeaderList.from({ A: 'b' })]).toEqual([['A', 'b']]);
  expect([...HeaderList.from(new Map([['A', 'b']]))]).toEqual([['A', 'b']]);
  const pairs: [string, string][] = [['A', 'b']];
  const made = HeaderList.from(pairs);
  pairs.push(['C', 'd']);
  expect(made.size).toBe(1);
  expect(HeaderList.from(list)).toBe(list);
  expect(HeaderList.from(undefined)).toBe(NO_HEADERS);
});

test('what is derived from a list is made once', () => {
  let made = 0;
  const encode = (): string => `made ${++made}`;
  expect([list.memo(encode), list.memo(encode)]).toEqual(['made 1', 'made 1']);
});
