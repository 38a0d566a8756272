import { describe, expect, it } from 'vitest';
import { latin1 } from '../lib/bytes.ts';
import { World } from '../net/sim/index.ts';
import { parsePorts, scanPorts } from './index.ts';

describe('lists of ports', () => {
  it.each([
    ['80', [80]],
    ['20-22,80', [20, 21, 22, 80]],
    ['80, 80,1', [1, 80]],
    ['0', undefined],
    ['65536', undefined],
    ['9-3', undefined],
    ['http', undefined],
    ['', undefined],
  ])('%j', (text, ports) => {
    expect(parsePorts(text)).toEqual(ports);
  });
});

it('finds the open ports, and the greeting of those that greet', async () => {
  const world = new World({ seed: 1 });
  const [user, host] = [world.host('user', { latency: 5 }), world.host('host')];
  const silent = () => ({ onData() {}, onClose() {} });
  const open = await world.run(
    (async () => {
      await host.network.listen({ port: 25 }, (connection) => {
        connection.attach(silent());
        connection.write(latin1('220 mail.campus.edu ready\r\n'));
      });
      await host.network.listen({ port: 80 }, (connection) => connection.attach(silent()));
      await host.network.listen({ port: 9999 }, (connection) => connection.attach(silent()));
      return scanPorts(user, host.address, {
        ports: [...Array.from({ length: 1000 }, (_, i) => i + 1), 9999],
      });
    })(),
  );
  expect(open).toEqual([
    { port: 25, service: 'smtp', banner: '220 mail.campus.edu ready' },
    { port: 80, service: 'http' },
    { port: 9999 },
  ]);
});

it('ends when it is told to', async () => {
  const world = new World({ seed: 1 });
  const [user, host] = [world.host('user'), world.host('host')];
  const abort = new AbortController();
  abort.abort();
  const ports = Array.from({ length: 1000 }, (_, i) => i + 1);
  expect(await world.run(scanPorts(user, host.address, { ports, signal: abort.signal }))).toEqual(
    [],
  );
});
