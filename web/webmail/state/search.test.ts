import { describe, expect, test } from 'vitest';
import { parseSearch } from './search.ts';

describe('what is typed is looked for', () => {
  test.each<[string, object]>([
    ['', {}],
    ['lunch', { text: 'lunch' }],
    ['lunch on "next friday"', { text: 'lunch on "next friday"' }],
    ['from:ann', { from: 'ann' }],
    ['subject:"the plan"', { subject: '"the plan"' }],
    ['FROM:ann plan', { operator: 'AND', conditions: [{ text: 'plan' }, { from: 'ann' }] }],
    [
      'has:attachment is:unread',
      { operator: 'AND', conditions: [{ hasAttachment: true }, { notKeyword: '$seen' }] },
    ],
    ['-is:read', { operator: 'NOT', conditions: [{ hasKeyword: '$seen' }] }],
    ['-lunch', { operator: 'NOT', conditions: [{ text: 'lunch' }] }],
    ['larger:2M', { minSize: 2_000_000 }],
    ['in:Sent', { inMailbox: 'F3' }],
    ['in:nowhere', { text: 'in:nowhere' }],
    ['http://x.org', { text: 'http://x.org' }],
    ['is:odd', { text: 'is:odd' }],
    ['before:yesterday', { text: 'before:yesterday' }],
    ['constructor:x', { text: 'constructor:x' }],
  ])('%s', (text, expected) => {
    expect(parseSearch(text, (name) => (name === 'Sent' ? 'F3' : undefined))).toEqual(expected);
  });

  test('days are those of the person', () => {
    expect(parseSearch('before:2026-11-01')).toEqual({
      before: new Date(2026, 10, 1).toISOString().replace('.000', ''),
    });
  });
});
