import { expect } from 'vitest';
import { deferred } from '../../src/lib/deferred.ts';
import type { Endpoint } from '../../src/lib/endpoint.ts';
import type { Connection, ListenAt } from '../../src/net/index.ts';
import { Listening, pair } from './conversation.ts';
import { inLaboratory } from './in-laboratory.ts';
import type { NewLaboratory } from './laboratory.ts';

const ignore = () => {};

export function openingTests(laboratory: NewLaboratory): void {
  const test = inLaboratory(laboratory);

  test('gives a free port to who asks for port 0, and tells both ends', async ([alice, bob]) => {
    const accepted = deferred<Connection>();
    const listener = await bob.network.listen({ port: 0 }, accepted.resolve);
    expect(listener.local.address).toBe(bob.address);
    expect(listener.local.port).toBeGreaterThan(0);
    const near = await alice.network.connect(listener.local);
    const far = await accepted.promise;
    expect(near.remote).toEqual(listener.local);
    expect(far.local).toEqual(listener.local);
    expect(near.local.address).toBe(alice.address);
    expect(far.remote).toEqual(near.local);
  });

  test('lets many hosts have one port', async ([alice, bob, carol]) => {
    const { local } = await alice.network.listen({ port: 0 }, ignore);
    const spoken: string[] = [];
    for (const host of [bob, carol]) {
      await host.network.listen({ port: local.port }, (connection) => {
        spoken.push(connection.local.address);
      });
    }
    await alice.network.connect({ address: carol.address, port: local.port });
    await alice.network.connect({ address: bob.address, port: local.port });
    expect(spoken).toEqual([carol.address, bob.address]);
  });

  test('refuses where nobody listens', async ([alice, bob]) => {
    const listener = await bob.network.listen({ port: 0 }, ignore);
    await listener.close();
    await expect(alice.network.connect(listener.local)).rejects.toMatchObject({
      code: 'NET_REFUSED',
    });
  });

  test('names who holds a port in use', async ([alice, bob]) => {
    const { local } = await bob.network.listen({ port: 0, service: 'http' }, ignore);
    await expect(bob.network.listen({ port: local.port }, ignore)).rejects.toMatchObject({
      code: 'NET_IN_USE',
      message: expect.stringContaining(`in use by http of host ${bob.name}`),
    });
    const socket = await alice.network.bind({ port: 0, service: 'dns' });
    await expect(alice.network.bind({ port: socket.local.port })).rejects.toMatchObject({
      code: 'NET_IN_USE',
      message: expect.stringContaining(`in use by dns of host ${alice.name}`),
    });
  });

  test('frees a port when its listener closes, and lets its connections live on', async ([
    alice,
    bob,
  ]) => {
    const accepted = deferred<Connection>();
    const listener = await bob.network.listen({ port: 0 }, accepted.resolve);
    const near = new Listening(await alice.network.connect(listener.local));
    const far = new Listening(await accepted.promise);
    await listener.close();
    await listener.close();
    const again: ListenAt = { port: listener.local.port };
    await expect(alice.network.connect(listener.local)).rejects.toMatchObject({ kind: 'refused' });
    await (await bob.network.listen(again, ignore)).close();
    near.connection.write(new Uint8Array(3));
    await far.has(3);
    expect(far.received).toBe(3);
  });

  test('refuses to listen at the address of another host', async ([alice]) => {
    const at = { port: 0, address: '192.0.2.1' };
    await expect(alice.network.listen(at, ignore)).rejects.toMatchObject({
      kind: expect.stringMatching(/unreachable|not-permitted/),
    });
  });

  test('connects from the local end that is asked for', async ([alice, bob]) => {
    const probe = await alice.network.listen({ port: 0 }, ignore);
    await probe.close();
    const accepted = deferred<Connection>();
    const listener = await bob.network.listen({ port: 0 }, accepted.resolve);
    const near = await alice.network.connect(listener.local, { from: probe.local });
    expect(near.local).toEqual(probe.local);
    expect((await accepted.promise).remote).toEqual(probe.local);
    const twice = alice.network.connect(listener.local, { from: probe.local });
    await expect(twice).rejects.toMatchObject({
      kind: expect.stringMatching(/in-use|unreachable/),
    });
  });

  test('one local end may speak with several, but not where somebody listens', async ([
    alice,
    bob,
    carol,
  ]) => {
    const probe = await alice.network.listen({ port: 0 }, ignore);
    const from = probe.local;
    const there = [];
    for (const host of [bob, carol]) there.push(await host.network.listen({ port: 0 }, ignore));
    const [first, second] = there.map((listener) => listener.local) as [Endpoint, Endpoint];
    await expect(alice.network.connect(first, { from })).rejects.toMatchObject({ kind: 'in-use' });
    await probe.close();
    expect((await alice.network.connect(first, { from })).local).toEqual(from);
    expect((await alice.network.connect(second, { from })).local).toEqual(from);
  });

  test('gives up when nobody answers in time', async ([alice], lab) => {
    const to = await lab.silent();
    const attempt = alice.network.connect(to, { timeoutMs: 50 });
    await expect(attempt).rejects.toMatchObject({ code: 'NET_TIMEOUT' });
  });

  test('is aborted before it begins', async ([alice, bob]) => {
    const { local } = await bob.network.listen({ port: 0 }, ignore);
    const controller = new AbortController();
    controller.abort(new Error('no longer wanted'));
    const attempt = alice.network.connect(local, { signal: controller.signal });
    await expect(attempt).rejects.toMatchObject({
      code: 'NET_ABORTED',
      cause: expect.objectContaining({ message: 'no longer wanted' }),
    });
  });

  test('is aborted under way', async ([alice], lab) => {
    const controller = new AbortController();
    const to = await lab.silent();
    const attempt = alice.network.connect(to, { signal: controller.signal });
    controller.abort();
    await expect(attempt).rejects.toMatchObject({ code: 'NET_ABORTED' });
  });

  test('opens a hundred connections at once', async ([alice, bob]) => {
    const far: Listening[] = [];
    const { local } = await bob.network.listen({ port: 0 }, (connection) => {
      far.push(new Listening(connection));
    });
    const near = await Promise.all(Array.from({ length: 100 }, () => alice.network.connect(local)));
    expect(new Set(near.map((connection) => connection.local.port)).size).toBe(100);
    for (const connection of near) new Listening(connection).connection.end();
    for (const one of far) {
      await one.ended.promise;
      one.connection.end();
      expect((await one.closed.promise).kind).toBe('end');
    }
  });

  test('keeps data for a handler that is attached later', async ([alice, bob]) => {
    const { near, far } = await pair(alice, bob);
    const speaker = new Listening(near);
    near.write(new Uint8Array([1, 2, 3]));
    near.end();
    const listening = new Listening(far);
    await listening.ended.promise;
    expect([...listening.bytes]).toEqual([1, 2, 3]);
    far.end();
    await speaker.closed.promise;
  });
}
