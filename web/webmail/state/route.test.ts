import { expect, test } from 'vitest';
import { hashOf, parseRoute } from './route.ts';

test.each([
  ['#/', { mailboxId: undefined, search: '', threadId: undefined }],
  ['#/F3', { mailboxId: 'F3', search: '', threadId: undefined }],
  ['#/F3/T12', { mailboxId: 'F3', search: '', threadId: 'T12' }],
  ['#/search?q=from%3Aann+x', { mailboxId: undefined, search: 'from:ann x', threadId: undefined }],
  ['#/search/T9?q=a', { mailboxId: undefined, search: 'a', threadId: 'T9' }],
])('%s', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route);
  expect(hashOf(route)).toBe(hash);
});
