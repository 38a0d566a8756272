/** RFC 9110 §12.5.3: its examples, and what clients send. */
import { expect, test } from 'vitest';
import { chooseCoding } from './accept-encoding.ts';

const OURS = ['br', 'gzip'];

test.each([
  [undefined, undefined, 'nothing said: as it is'],
  ['', undefined, 'the empty list: as it is'],
  ['gzip', 'gzip', 'one that we have'],
  ['compress, gzip', 'gzip', 'the example of the RFC'],
  ['compress;q=0.5, gzip;q=1.0', 'gzip', 'with weights'],
  ['gzip;q=1.0, identity; q=0.5, *;q=0', 'gzip', 'all others excluded'],
  ['*', 'br', 'anything: our own order'],
  ['gzip, deflate, br, zstd', 'br', 'browsers: equal weights'],
  ['br;q=0.5, gzip;q=0.9', 'gzip', 'the heavier one'],
  ['br;q=0, gzip', 'gzip', 'one excluded'],
  ['gzip;q=0', undefined, 'excluded'],
  ['identity;q=1, gzip;q=0.5', undefined, 'as it is is preferred'],
  ['x-gzip', 'gzip', 'the old name (§8.4.1.3)'],
  ['GZip ; Q=0.8', 'gzip', 'case and blanks'],
  ['gzip;q=nonsense', undefined, 'a weight that can not be read counts as none'],
  ['gzip;q=1.001', undefined, 'a weight above one'],
  [',,gzip,,', 'gzip', 'empty items'],
])('%s: %s (%s)', (value, wanted, _why) => {
  expect(chooseCoding(value, OURS)).toBe(wanted);
});
