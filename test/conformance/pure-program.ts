/** A little of everything that the simulated network does, for where there is no Node. */
import { ByteReader, sleep } from '../../src/net/index.ts';
import { World } from '../../src/net/sim/index.ts';

/** What was said, when, and the hash of it all. */
export async function talk(): Promise<string> {
  const world = new World({ seed: 1, hash: true });
  world.links({ jitter: 2, loss: 0.05 });
  const alice = world.host('alice', { latency: 20, down: 1e6, slowStart: true });
  const bob = world.host('bob', { up: 1e6 });
  const { local } = await bob.network.listen({ port: 7 }, (connection) => {
    connection.attach({ onData: (bytes) => void connection.write(bytes), onClose() {} });
  });
  const program = async () => {
    const reader = new ByteReader(await alice.network.connect(local));
    for (let i = 0; i < 20; i++) {
      await reader.write(new TextEncoder().encode('hello\r\n'));
      await reader.write(alice.random.bytes(5000));
      await reader.readLine();
      await reader.readExactly(5000);
      await sleep(alice.clock, 10);
    }
    await alice.files.write('/log', new Uint8Array(3));
    return (await alice.files.list('/')).join();
  };
  const said = await world.run(program());
  return [said, world.now, world.events, world.hash].join(' ');
}
