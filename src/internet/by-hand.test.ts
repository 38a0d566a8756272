/** How an exchange by hand ends, in virtual time. */
import { expect, it } from 'vitest';
import { utf8 } from '../lib/bytes.ts';
import type { Connection } from '../net/index.ts';
import { World } from '../net/sim/index.ts';
import { userAt } from './actions.ts';
import { type ByHandAnswer, sendByHand } from './by-hand.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

interface Outcome extends ByHandAnswer {
  readonly tookMs: number;
}

/** Sends a text to a server that does as it is told with each connection. */
function exchange(text: string, serve: (connection: Connection) => void): Promise<Outcome> {
  const world = new World({ seed: 1, strict: true });
  const [alice, server] = ['alice', 'server'].map((name) => world.host(name, { latency: 5 }));
  if (!alice || !server) throw new Error('two hosts');
  const run = async (): Promise<Outcome> => {
    await server.network.listen({ port: 80 }, serve);
    const user = userAt(alice, async () => [server.address]);
    const answer = await sendByHand(user, { address: server.address, port: 80 }, text);
    return { ...answer, tookMs: alice.clock.now() };
  };
  return world.run(run());
}

const answering =
  (text: string, then: (connection: Connection) => void = () => {}) =>
  (connection: Connection): void => {
    connection.attach({
      onData() {
        connection.write(utf8(text));
        then(connection);
      },
      onClose() {},
    });
  };

it('a whole answer ends it, a moment after it has come', async () => {
  const { end, replies, firstByteMs, tookMs } = await exchange(GET, answering(ANSWER));
  expect({ end, replies: replies.length }).toEqual({ end: 'open', replies: 1 });
  expect(firstByteMs).toBeCloseTo(20, 0);
  expect(tookMs).toBeLessThan(150);
});

it('a server that closes is seen to close', async () => {
  const outcome = await exchange(
    GET,
    answering(ANSWER, (connection) => connection.end()),
  );
  expect(outcome.end).toBe('closed');
});

it('an answer without a length is whole when the server closes', async () => {
  const text = 'HTTP/1.1 200 OK\r\n\r\nas long as it takes';
  const outcome = await exchange(
    GET,
    answering(text, (connection) => connection.end()),
  );
  expect(outcome.replies.map(({ summary }) => summary)).toEqual(['200 OK, 19 B']);
});

it('a server that waits for more is quiet', async () => {
  const { end, length, firstByteMs, tookMs } = await exchange('GET / HTTP/1.1\r\n', (connection) =>
    connection.attach({ onData() {}, onClose() {} }),
  );
  expect({ end, length, firstByteMs }).toEqual({ end: 'quiet', length: 0, firstByteMs: undefined });
  expect(tookMs).toBeGreaterThanOrEqual(3_000);
});

it('a connection that is broken off', async () => {
  const outcome = await exchange(
    GET,
    answering('HTTP/1.1 200', (one) => one.destroy()),
  );
  expect(outcome.end).toBe('reset');
});

it('an answer without end is given up, and only its beginning is kept', async () => {
  const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
  const world = exchange(GET, (connection) => {
    const more = () =>
      connection.write(utf8(`${(65_536).toString(16)}\r\n${'x'.repeat(65_536)}\r\n`));
    connection.attach({
      onData() {
        connection.write(utf8(head));
        while (more());
      },
      onDrain() {
        while (more());
      },
      onClose() {},
    });
  });
  const { end, bytes, length } = await world;
  expect(end).toBe('endless');
  expect(bytes.length).toBe(256 * 1024);
  expect(length).toBeGreaterThan(bytes.length);
});

it('is refused where nobody listens', async () => {
  const world = new World({ seed: 2, strict: true });
  const alice = world.host('alice');
  const user = userAt(alice, async () => []);
  const server = { address: world.host('server').address, port: 81 };
  await expect(world.run(sendByHand(user, server, GET))).rejects.toMatchObject({
    code: 'NET_REFUSED',
  });
});
