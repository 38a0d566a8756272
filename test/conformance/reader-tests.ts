import { expect } from 'vitest';
import { concat, fromUtf8, utf8 } from '../../src/lib/bytes.ts';
import { deferred } from '../../src/lib/deferred.ts';
import {
  ByteReader,
  type Connection,
  Conversations,
  READ_BUFFER,
  sleep,
} from '../../src/net/index.ts';
import { Listening, pair } from './conversation.ts';
import { inLaboratory } from './in-laboratory.ts';
import type { NewLaboratory } from './laboratory.ts';

export function readerTests(laboratory: NewLaboratory): void {
  const test = inLaboratory(laboratory);

  test('reads lines, counts of bytes, and the rest', async ([alice, bob]) => {
    const { near, far } = await pair(alice, bob);
    const reader = new ByteReader(far);
    const writer = new ByteReader(near);
    await writer.write(utf8('first\r\nsecond\nab'));
    expect(await reader.readLine()).toBe('first');
    expect(await reader.readLine()).toBe('second');
    expect(await reader.readExactly(2)).toEqual(utf8('ab'));
    await writer.write(utf8('exactly this and the rest'));
    writer.end();
    expect(fromUtf8(await reader.readExactly(12))).toBe('exactly this');
    expect(fromUtf8(await reader.readAll())).toBe(' and the rest');
    expect(await reader.readLine()).toBe(null);
    expect(await reader.read()).toBe(null);
  });

  test('reads with for await', async ([alice, bob]) => {
    const { near, far } = await pair(alice, bob);
    const writer = new ByteReader(near);
    const reader = new ByteReader(far);
    const work = (async () => {
      for (let i = 0; i < 10; i++) await writer.write(new Uint8Array(100_000).fill(i));
      writer.end();
    })();
    const chunks: Uint8Array[] = [];
    for await (const chunk of reader) chunks.push(chunk);
    await work;
    const whole = concat(chunks);
    expect(whole.length).toBe(1_000_000);
    expect([whole[0], whole[550_000], whole[999_999]]).toEqual([0, 5, 9]);
  });

  test('says what is wrong with a short stream, a long line, too much', async ([alice, bob]) => {
    const { near, far } = await pair(alice, bob);
    const reader = new ByteReader(far);
    near.write(utf8('short'));
    near.end();
    await expect(reader.readExactly(6)).rejects.toMatchObject({ code: 'NET_CLOSED' });
    const other = await pair(alice, bob);
    const long = new ByteReader(other.far);
    other.near.write(new Uint8Array(2000).fill(65));
    await expect(long.readLine(1000)).rejects.toMatchObject({ code: 'NET_LINE_TOO_LONG' });
    await expect(long.readAll(100)).rejects.toMatchObject({ code: 'NET_TOO_LONG' });
  });

  test('passes a reset on to who reads and who writes', async ([alice, bob]) => {
    const { near, far } = await pair(alice, bob);
    const reader = new ByteReader(near);
    new Listening(far);
    const reading = expect(reader.read()).rejects.toMatchObject({ code: 'NET_RESET' });
    far.destroy();
    await reading;
    await expect(reader.write(utf8('x'))).rejects.toMatchObject({ code: 'NET_RESET' });
  });

  test('holds little for a reader that is slow', async ([alice, bob]) => {
    const { near, far } = await pair(alice, bob);
    const reader = new ByteReader(far);
    const writer = new ByteReader(near);
    const work = (async () => {
      for (let i = 0; i < 40; i++) await writer.write(new Uint8Array(50_000));
      writer.end();
    })();
    let total = 0;
    let most = 0;
    for (;;) {
      await sleep(bob.clock, 1);
      most = Math.max(most, reader.buffered);
      const chunk = await reader.read();
      if (chunk === null) break;
      total += chunk.length;
    }
    await work;
    expect(total).toBe(2_000_000);
    expect(most).toBeLessThanOrEqual(READ_BUFFER + 128 * 1024);
  });

  test('a server lets conversations finish, then ends them', async ([alice, bob]) => {
    const conversations = new Conversations();
    const { local } = await bob.network.listen({ port: 0 }, (connection: Connection) => {
      const polite = conversations.size === 0;
      const conversation = {
        finish: () => (polite ? connection.end() : undefined),
        destroy: () => connection.destroy(),
      };
      conversations.add(conversation);
      connection.attach({
        onData() {},
        onEnd: () => connection.end(),
        onClose: () => conversations.delete(conversation),
      });
    });
    const first = new Listening(await alice.network.connect(local));
    const second = new Listening(await alice.network.connect(local));
    const started = bob.clock.now();
    const closed = deferred<number>();
    conversations
      .close(bob.clock, 60)
      .then(() => closed.resolve(bob.clock.now() - started), closed.reject);
    await first.ended.promise;
    first.connection.end();
    expect((await first.closed.promise).kind).toBe('end');
    expect((await second.closed.promise).kind).toBe('reset');
    expect(await closed.promise).toBeGreaterThanOrEqual(60);
    expect(conversations.size).toBe(0);
  });
}
