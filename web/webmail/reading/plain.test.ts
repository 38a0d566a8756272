import { expect, test } from 'vitest';
import { blocksOf, piecesOf } from './plain.ts';

test('quotes are parted from what was written', () => {
  expect(blocksOf('Yes.\n\nOn Monday, Bob wrote:\n> Lunch?\n>\n>> When?\n\nAlice\n\n')).toEqual([
    { type: 'text', text: 'Yes.\n\nOn Monday, Bob wrote:' },
    { type: 'quote', text: 'Lunch?\n\n> When?', lines: 3 },
    { type: 'text', text: 'Alice' },
  ]);
  expect(blocksOf('')).toEqual([]);
  expect(blocksOf('> all')).toEqual([{ type: 'quote', text: 'all', lines: 1 }]);
});

test.each<[string, readonly [string, string][]]>([
  ['see http://x.org/a?b=c.', [['http://x.org/a?b=c', 'http://x.org/a?b=c']]],
  ['(https://x.org)', [['https://x.org', 'https://x.org']]],
  ['write to ann@x.org!', [['ann@x.org', 'mailto:ann@x.org']]],
  ['javascript:alert(1)', []],
  ['data:text/html,x', []],
])('%s', (text, links) => {
  const pieces = piecesOf(text);
  expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  const found = pieces.flatMap((piece) =>
    piece.type === 'link' ? [[piece.text, piece.href]] : [],
  );
  expect(found).toEqual(links);
});
