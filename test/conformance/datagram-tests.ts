import { expect } from 'vitest';
import { deferred } from '../../src/lib/deferred.ts';
import { DATAGRAM_LIMIT, type Datagram, type DatagramSocket } from '../../src/net/index.ts';
import { inLaboratory } from './in-laboratory.ts';
import type { NewLaboratory } from './laboratory.ts';

export function datagramTests(laboratory: NewLaboratory): void {
  const test = inLaboratory(laboratory);

  for (const size of [0, 1, 512, 1472, 9000, DATAGRAM_LIMIT]) {
    test(`carries ${size} bytes whole`, async ([alice, bob]) => {
      const [from, to] = [
        await alice.network.bind({ port: 0 }),
        await bob.network.bind({ port: 0 }),
      ];
      const bytes = new Uint8Array(size).map((_, i) => i);
      const datagram = next(to);
      from.send(bytes, to.local);
      const { bytes: received, from: sender } = await datagram;
      expect(received).toEqual(bytes);
      expect(sender).toEqual(from.local);
    });
  }

  test('refuses what no datagram can hold', async ([alice, bob]) => {
    const socket = await alice.network.bind({ port: 0 });
    const send = () =>
      socket.send(new Uint8Array(DATAGRAM_LIMIT + 1), { address: bob.address, port: 9 });
    expect(send).toThrow(expect.objectContaining({ code: 'NET_TOO_LARGE' }));
  });

  test('answers where the question came from', async ([alice, bob, carol]) => {
    const server = await bob.network.bind({ port: 0, service: 'echo' });
    server.onDatagram(({ bytes, from }) => server.send(bytes, from));
    for (const host of [alice, carol]) {
      const socket = await host.network.bind({ port: 0 });
      const answer = next(socket);
      socket.send(new Uint8Array([7]), server.local);
      expect(await answer).toEqual({ bytes: new Uint8Array([7]), from: server.local });
    }
  });

  test('keeps what comes before there is a receiver', async ([alice, bob]) => {
    const [from, to] = [await alice.network.bind({ port: 0 }), await bob.network.bind({ port: 0 })];
    const marker = await bob.network.bind({ port: 0 });
    const seen = next(marker);
    from.send(new Uint8Array([1]), to.local);
    from.send(new Uint8Array([2]), marker.local);
    await seen;
    expect((await next(to)).bytes).toEqual(new Uint8Array([1]));
  });

  test('a datagram to nobody is lost without harm', async ([alice, bob]) => {
    const [from, to] = [await alice.network.bind({ port: 0 }), await bob.network.bind({ port: 0 })];
    const gone = await bob.network.bind({ port: 0 });
    gone.close();
    const datagram = next(to);
    from.send(new Uint8Array([1]), gone.local);
    from.send(new Uint8Array([2]), to.local);
    expect((await datagram).bytes).toEqual(new Uint8Array([2]));
  });

  test('after close it neither sends nor receives, and its port is free', async ([alice, bob]) => {
    const [from, to] = [await alice.network.bind({ port: 0 }), await bob.network.bind({ port: 0 })];
    to.onDatagram(() => {
      throw new Error('a closed socket received');
    });
    to.close();
    to.close();
    const again = await bob.network.bind({ port: to.local.port });
    const datagram = next(again);
    from.send(new Uint8Array([3]), to.local);
    expect((await datagram).bytes).toEqual(new Uint8Array([3]));
    from.close();
    from.send(new Uint8Array([4]), again.local);
  });

  test('the same port serves datagrams and connections', async ([, bob]) => {
    const socket = await bob.network.bind({ port: 0 });
    const listener = await bob.network.listen({ port: socket.local.port }, () => {});
    expect(listener.local).toEqual(socket.local);
  });
}

function next(socket: DatagramSocket): Promise<Datagram> {
  const datagram = deferred<Datagram>();
  socket.onDatagram(datagram.resolve);
  return datagram.promise;
}
