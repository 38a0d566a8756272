/**
 * Random and mutated bytes into the parsers: they give messages or a ProtocolError, and the same
 * whatever the pieces in which the bytes came.
 */
import { expect, test } from 'vitest';
import { concat, fromLatin1, latin1 } from '../../src/lib/bytes.ts';
import { below, seededRandom } from '../../src/net/index.ts';
import { gist, readRequests, readResponses, type Verdict } from './http-parse.ts';
import { withoutTraces } from './mutate.ts';

const SEED = Number(globalThis.process?.env['FUZZ_SEED'] ?? 9112);
const RUNS = Number(globalThis.process?.env['FUZZ_RUNS'] ?? 100_000);

const REQUESTS = [
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  '\r\nPOST /a?b HTTP/1.1\r\nHost: a:80\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.0\r\n\r\n',
  'PUT http://a/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x="y"\r\nabc\r\n0\r\nT: u\r\n\r\n',
  'GET / HTTP/1.1\nHost: a\nX: \xe9\n\nOPTIONS * HTTP/1.1\r\nHost: \r\n\r\n',
].map(latin1);
const RESPONSES = [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.0 404 Not Found\r\n\r\nabc',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n',
  'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 9\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
].map(latin1);
/** What breaks parsers oftener than even luck does. */
const SPICE = [
  '\r\n',
  '\n',
  '\r',
  ' ',
  '\t',
  ':',
  ',',
  ';',
  '\0',
  '0',
  'f'.repeat(9),
  '-',
  '\r\n\r\n',
  'Content-Length: 3\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Host: b\r\n',
  ' HTTP/1.1',
  '\x80',
  '"',
].map(latin1);

const random = seededRandom(SEED);
const pick = <T>(from: readonly T[]): T => from[below(random, from.length)] as T;

function mutate(bytes: Uint8Array): Uint8Array {
  let result = bytes;
  for (let n = below(random, 4); n >= 0; n--) {
    const at = below(random, result.length + 1);
    const cut = at + below(random, 4) * below(random, 3);
    const more = below(random, 3) === 0 ? random.bytes(below(random, 4)) : pick(SPICE);
    result = concat([result.subarray(0, at), more, result.subarray(cut)]);
  }
  return result;
}

function check(bytes: Uint8Array, read: (bytes: Uint8Array, piece?: number) => Verdict): boolean {
  const whole = read(bytes);
  const expected = gist(whole);
  for (const piece of [1, 1 + below(random, 20)]) {
    if (gist(read(bytes, piece)) === expected) continue;
    const input = JSON.stringify(fromLatin1(bytes));
    expect(gist(read(bytes, piece)), `seed ${SEED}, pieces of ${piece}: ${input}`).toBe(expected);
  }
  return whole.error === undefined;
}

test(`${RUNS} random and mutated messages, seed ${SEED}`, () => {
  const responses = (bytes: Uint8Array, piece?: number) =>
    readResponses(bytes, ['GET', 'HEAD', 'GET'], piece);
  let taken = 0;
  const step = (run: number): void => {
    const kind = run % 8;
    if (kind === 0) check(random.bytes(below(random, 120)), readRequests);
    else if (kind < 6) taken += check(mutate(pick(REQUESTS)), readRequests) ? 1 : 0;
    else taken += check(mutate(pick(RESPONSES)), responses) ? 1 : 0;
  };
  withoutTraces(() => {
    for (let run = 0; run < RUNS; run++) step(run);
  });
  // Both verdicts must be met often, or the inputs have lost their bite.
  expect(taken).toBeGreaterThan(RUNS / 50);
  expect(taken).toBeLessThan(RUNS * 0.8);
}, 60_000);
