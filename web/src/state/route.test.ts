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
  expect(hashOf({ page: 'web', zone: 'edu.' })).toBe('#/web');
  expect(hashOf({ page: 'names', tab: 'times' })).toBe('#/names');
});
