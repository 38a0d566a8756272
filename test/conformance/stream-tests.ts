import { expect } from 'vitest';
import { equalBytes, utf8 } from '../../src/lib/bytes.ts';
import { deferred } from '../../src/lib/deferred.ts';
import {
  type Connection,
  READ_BUFFER,
  SEND_BUFFER,
  seededRandom,
  sleep,
} from '../../src/net/index.ts';
import { Listening, pair, randomParts, writeAll } from './conversation.ts';
import { inLaboratory } from './in-laboratory.ts';
import type { NewLaboratory } from './laboratory.ts';

const MEGABYTE = 1024 * 1024;

/** More than any network keeps for a reader that doesn't read. */
const FAR_TOO_MUCH = 64 * MEGABYTE;

export function streamTests(laboratory: NewLaboratory): void {
  const test = inLaboratory(laboratory);

  for (const [seed, most] of [
    [1, 1],
    [2, 100],
    [3, 5_000],
    [4, 200_000],
  ] as const) {
    test(`keeps order and bytes in parts of up to ${most} (seed ${seed})`, async ([alice, bob]) => {
      const random = seededRandom(seed);
      const sent = random.bytes(Math.min(2000 * most, MEGABYTE));
      const { near, far } = await pair(alice, bob);
      const [speaker, listener] = [new Listening(near), new Listening(far)];
      await writeAll(speaker, randomParts(sent, most, random));
      near.end();
      await listener.ended.promise;
      expect(equalBytes(listener.bytes, sent)).toBe(true);
    });
  }

  test('carries both directions at once', async ([alice, bob]) => {
    const random = seededRandom(5);
    const { near, far } = await pair(alice, bob);
    const [a, b] = [new Listening(near), new Listening(far)];
    const [there, back] = [random.bytes(400_000), random.bytes(300_000)];
    const speak = async (who: Listening, bytes: Uint8Array) => {
      await writeAll(who, randomParts(bytes, 30_000, random));
      who.connection.end();
    };
    await Promise.all([speak(a, there), speak(b, back)]);
    await Promise.all([a.closed.promise, b.closed.promise]);
    expect(equalBytes(b.bytes, there)).toBe(true);
    expect(equalBytes(a.bytes, back)).toBe(true);
  });

  test('takes 8 MiB in one write', async ([alice, bob]) => {
    const sent = new Uint8Array(8 * MEGABYTE);
    for (let i = 0; i < sent.length; i += 4096) sent[i] = i / 4096;
    const { near, far } = await pair(alice, bob);
    const [speaker, listener] = [new Listening(near), new Listening(far)];
    const drained = speaker.drain();
    expect(near.write(sent)).toBe(false);
    expect(near.buffered).toBeGreaterThan(0);
    await drained;
    expect(near.buffered).toBe(0);
    near.end();
    await listener.ended.promise;
    expect(equalBytes(listener.bytes, sent)).toBe(true);
    expect(listener.chunks.length).toBeGreaterThan(8);
  });

  test('joins what is written in one turn, and has no trouble with nothing', async ([
    alice,
    bob,
  ]) => {
    const { near, far } = await pair(alice, bob);
    const listener = new Listening(far);
    new Listening(near);
    for (const text of ['GET', '', ' / ', 'HTTP']) near.write(utf8(text));
    near.end();
    await listener.ended.promise;
    expect(listener.bytes).toEqual(utf8('GET / HTTP'));
    expect(listener.chunks.length).toBe(1);
  });

  test('tells a writer who does not wait when all has left, small and big writes mixed', async ([
    alice,
    bob,
  ]) => {
    const { near, far } = await pair(alice, bob);
    const [speaker, listener] = [new Listening(near), new Listening(far)];
    let sent = 0;
    for (const size of [10, 70_000, 30_000, 10, 100, 40_000, 20_000, 20_000, 5]) {
      near.write(new Uint8Array(size));
      sent += size;
    }
    expect(near.buffered).toBe(sent);
    await speaker.drain();
    expect(near.buffered).toBe(0);
    for (let round = 0; round < 20; round++) {
      const drained = speaker.drain();
      for (let i = 0; i < 700; i++) near.write(new Uint8Array(100));
      near.write(new Uint8Array(20_000));
      sent += 90_000;
      await drained;
    }
    near.end();
    await listener.ended.promise;
    expect(listener.received).toBe(sent);
  });

  test('ends in one direction while the other goes on', async ([alice, bob]) => {
    const { near, far } = await pair(alice, bob);
    const [a, b] = [new Listening(near), new Listening(far)];
    near.write(utf8('question'));
    near.end();
    await b.ended.promise;
    far.write(utf8('a long '));
    await a.has(7);
    far.write(utf8('answer'));
    far.end();
    expect((await a.closed.promise).kind).toBe('end');
    expect((await b.closed.promise).kind).toBe('end');
    expect(a.bytes).toEqual(utf8('a long answer'));
    expect(a.calls).toEqual(['data', 'end', 'close:end']);
    expect(b.calls).toEqual(['data', 'end', 'close:end']);
  });

  test('the server may end first', async ([alice, bob]) => {
    const { near, far } = await pair(alice, bob);
    const [a, b] = [new Listening(near), new Listening(far)];
    far.end();
    await a.ended.promise;
    near.write(utf8('still here'));
    near.end();
    await b.closed.promise;
    expect(b.calls).toEqual(['data', 'end', 'close:end']);
  });

  test('after its end and after its close, writing does nothing', async ([alice, bob]) => {
    const { near, far } = await pair(alice, bob);
    const [a, b] = [new Listening(near), new Listening(far)];
    near.write(utf8('all'));
    near.end();
    near.end();
    expect(near.write(utf8(' and more'))).toBe(false);
    await b.ended.promise;
    far.end();
    await a.closed.promise;
    expect(near.write(utf8('x'))).toBe(false);
    near.destroy();
    near.end();
    expect(b.bytes).toEqual(utf8('all'));
  });

  test('tells the writer to wait, and when to go on', async ([alice, bob]) => {
    const { near, far } = await pair(alice, bob);
    const [speaker, listener] = [new Listening(near), new Listening(far)];
    far.pause();
    const part = new Uint8Array(SEND_BUFFER + 1);
    let sent = 0;
    while (near.write(part)) sent += part.length;
    sent += part.length;
    for (let full = false; !full && sent < FAR_TOO_MUCH; ) {
      const drained = speaker.drain().then(() => false);
      full = await Promise.race([drained, quiet(alice)]);
      if (!full && near.write(part)) throw new Error('so much leaves no room for more');
      if (!full) sent += part.length;
    }
    expect(sent).toBeLessThan(FAR_TOO_MUCH);
    expect(listener.received).toBe(0);
    far.resume();
    await speaker.drain();
    near.end();
    await listener.ended.promise;
    expect(listener.received).toBe(sent);
  });

  test('delivers nothing while paused, and goes on where it stopped', async ([alice, bob]) => {
    const { near, far } = await pair(alice, bob);
    new Listening(near);
    const pieces: number[] = [];
    const done = deferred<void>();
    far.attach({
      onData: (bytes) => {
        pieces.push(bytes.length);
        far.pause();
        bob.clock.setTimer(1, () => far.resume());
      },
      onEnd: () => done.resolve(),
      onClose() {},
    });
    near.write(new Uint8Array(300_000));
    near.end();
    await done.promise;
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.reduce((sum, piece) => sum + piece)).toBe(300_000);
    expect(Math.max(...pieces)).toBeLessThanOrEqual(READ_BUFFER);
  });

  test('a reset ends both sides at once', async ([alice, bob]) => {
    const { near, far } = await pair(alice, bob);
    const [a, b] = [new Listening(near), new Listening(far)];
    near.write(utf8('hello'));
    await b.has(5);
    far.destroy();
    const why = await a.closed.promise;
    expect(why.kind).toBe('reset');
    expect(why.error?.code).toBe('NET_RESET');
    expect(await b.closed.promise).toEqual({ kind: 'destroyed' });
    expect(a.calls).toEqual(['close:reset']);
    expect(near.write(utf8('x'))).toBe(false);
  });

  test('a stream that is cut short never looks whole', async ([alice, bob]) => {
    const { near, far } = await pair(alice, bob);
    const a = new Listening(near);
    far.pause();
    const b = new Listening(far);
    near.write(new Uint8Array(32 * MEGABYTE));
    near.end();
    await sleep(alice.clock, 20);
    near.destroy();
    far.resume();
    expect((await b.closed.promise).kind).toBe('reset');
    expect(b.calls).not.toContain('end');
    expect(b.received).toBeLessThan(32 * MEGABYTE);
    expect((await a.closed.promise).kind).toBe('destroyed');
  });

  test('tells its own side why it was destroyed', async ([alice, bob]) => {
    const { near } = await pair(alice, bob);
    const a = new Listening(near);
    near.destroy(new Error('too slow'));
    near.destroy(new Error('twice'));
    const why = await a.closed.promise;
    expect(why.kind).toBe('destroyed');
    expect(why.error?.message).toBe('too slow');
  });

  test('does not call onClose in the caller’s turn', async ([alice, bob]) => {
    const { near } = await pair(alice, bob);
    const a = new Listening(near);
    near.destroy();
    expect(a.calls).toEqual([]);
    await a.closed.promise;
  });

  test('tells a handler that comes late why it is over', async ([alice, bob]) => {
    const { near, far } = await pair(alice, bob);
    const b = new Listening(far);
    far.destroy();
    await b.closed.promise;
    const a = new Listening(near);
    expect((await a.closed.promise).kind).toBe('reset');
  });

  test('tells a handler that comes after the end of it all', async ([alice, bob]) => {
    const { near } = await pair(alice, bob);
    near.destroy(new Error('changed my mind'));
    await sleep(alice.clock, 20);
    const a = new Listening(near);
    expect((await a.closed.promise).error?.message).toBe('changed my mind');
    expect(a.calls).toEqual(['close:destroyed']);
  });

  test('a handler may be exchanged between two bytes', async ([alice, bob]) => {
    const { near, far } = await pair(alice, bob);
    new Listening(near);
    const swapped = deferred<Listening>();
    const first: Uint8Array[] = [];
    far.attach({
      onData: (bytes) => {
        first.push(bytes);
        swapped.resolve(new Listening(far));
      },
      onClose: () => swapped.reject(new Error('the first handler was told of the close')),
    });
    near.write(utf8('upgrade'));
    const second = await swapped.promise;
    near.write(utf8('new words'));
    near.end();
    await second.ended.promise;
    expect(first).toEqual([utf8('upgrade')]);
    expect(second.bytes).toEqual(utf8('new words'));
    far.end();
    await second.closed.promise;
    expect(second.calls).toEqual(['data', 'end', 'close:end']);
  });

  test('hands on bytes that stay as they are', async ([alice, bob]) => {
    const { near, far } = await pair(alice, bob);
    new Listening(near);
    const listener = new Listening(far);
    for (let round = 0; round < 20; round++) {
      near.write(new Uint8Array(1000).fill(round));
      await listener.has(1000 * (round + 1));
    }
    for (let round = 0; round < 20; round++) expect(listener.bytes[1000 * round]).toBe(round);
    expect(listener.chunks.every((chunk) => chunk.constructor === Uint8Array)).toBe(true);
  });

  test('data that follows the handshake waits for the client to be told', async ([alice, bob]) => {
    const { local } = await bob.network.listen({ port: 0 }, (connection: Connection) => {
      new Listening(connection);
      connection.write(utf8('220 ready'));
      connection.end();
    });
    const a = new Listening(await alice.network.connect(local));
    await a.ended.promise;
    expect(a.bytes).toEqual(utf8('220 ready'));
  });
}

/** True when a fifth of a second has passed, in which the network had time for everything. */
function quiet(host: { clock: { setTimer(ms: number, fire: () => void): unknown } }) {
  const done = deferred<boolean>();
  host.clock.setTimer(200, () => done.resolve(true));
  return done.promise;
}
