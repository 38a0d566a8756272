import { expect, it } from 'vitest';
import { hashOf, parseRoute } from './route.ts';

it.each([
  ['', { page: 'internet' }],
  ['#m=12', { page: 'internet', message: 12 }],
  ['#/names', { page: 'names' }],
  ['#/names?m=12', { page: 'names', message: 12 }],
  ['#/names?zone=campus.edu.', { page: 'names', zone: 'campus.edu.' }],
  ['#/names?zone=.&m=7', { page: 'names', zone: '.', message: 7 }],
  ['#/web', { page: 'web' }],
  ['#/mail', { page: 'mail' }],
  ['#/mail?tab=queues', { page: 'mail', mailTab: 'queues' }],
  ['#/mail?letter=1.2%40campus.edu&m=7', { page: 'mail', letter: '1.2@campus.edu', message: 7 }],
  ['#/web?tab=times&m=7', { page: 'web', tab: 'times', message: 7 }],
] as const)('%j and back', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route);
  expect(hashOf(route)).toBe(hash);
});

it.each(['#/', '#m=', '#m=x', '#nothing', '#/elsewhere?m=1', '#%'])(
  '%j is the first page',
  (hash) => {
    expect(parseRoute(hash)).toEqual({ page: 'internet' });
  },
);

it('what belongs to another page is left out', () => {
  expect(parseRoute('#/web?tab=zones&zone=edu.')).toEqual({ page: 'web' });
  expect(parseRoute('#/names?tab=times')).toEqual({ page: 'names' });
  expect(parseRoute('#/mail?tab=times&zone=edu.')).toEqual({ page: 'mail' });
  expect(hashOf({ page: 'web', mailTab: 'queues', letter: '1' })).toBe('#/web');
  expect(hashOf({ page: 'web', zone: 'edu.' })).toBe('#/web');
  expect(hashOf({ page: 'names', tab: 'times' })).toBe('#/names');
});
