import { expect, it } from 'vitest';
import { latin1 } from '../../lib/bytes.ts';
import type { Datagram } from '../types.ts';
import { World } from './index.ts';

it('a forged datagram arrives under the name that it claims', async () => {
  const world = new World({ seed: 1 });
  const [victim, server, mallory] = ['victim', 'server', 'mallory'].map((name) =>
    world.host(name, { latency: 5 }),
  );
  if (!victim || !server || !mallory) throw new Error('no hosts');
  const got: Datagram[] = [];
  const socket = await world.run(victim.network.bind({ port: 53 }));
  socket.onDatagram((datagram) => got.push(datagram));
  const from = { address: server.address, port: 53 };
  world.forge(mallory, { bytes: latin1('lie'), from }, socket.local);
  world.forge(mallory, { bytes: latin1('lost'), from }, { ...socket.local, port: 54 });
  world.forge(mallory, { bytes: latin1('lost'), from }, { address: '10.9.9.9', port: 54 });
  await world.run();
  expect(got).toEqual([{ bytes: latin1('lie'), from }]);
  expect(world.now).toBe(10);
});
