/** Bodies that a server must refuse, each read whole, in halves and byte by byte. */
import { describe, expect, test } from 'vitest';
import { REFUSED_BODIES } from '../../../test/conformance/malformed/request-bodies.ts';
import { gist, readRequests, verdictText } from '../../../test/fuzz/http-parse.ts';
import { latin1 } from '../../lib/bytes.ts';

describe('bodies that are refused', () => {
  test.each(REFUSED_BODIES)('%s', (_, text, verdict) => {
    const whole = readRequests(latin1(text));
    expect(verdictText(whole.error)).toBe(verdict);
    expect(whole.error?.side).toBe('remote');
    expect(whole.error?.offset).toBeTypeOf('number');
    const half = Math.ceil(text.length / 2);
    for (const piece of text.length > 20_000 ? [half] : [1, 2, half]) {
      expect(gist(readRequests(latin1(text), piece))).toBe(gist(whole));
    }
  });
});
