import { expect, test } from 'vitest';
import type { Part } from '../jmap/types.ts';
import { CONTENT_TYPE, paragraphsOf } from './flowed.ts';

test.each([
  ['text/plain; format=flowed', 'a b\nc'],
  ['text/plain; charset=utf-8; Format="Flowed"', 'a b\nc'],
  ['text/plain;\r\n format=flowed; delsp=yes', 'ab\nc'],
  ['text/plain; format=fixed', 'a \nb\nc'],
  ['text/plain; name="format=flowed"', 'a \nb\nc'],
  [null, 'a \nb\nc'],
])('the paragraphs of %j', (field, text) => {
  expect(paragraphsOf({ [CONTENT_TYPE]: field } as Part, 'a \nb\nc')).toBe(text);
});
