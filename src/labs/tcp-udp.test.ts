import { expect, it } from 'vitest';
import { compareTransports, transportTable } from './tcp-udp.ts';

it('TCP is late but whole and in order; UDP is quick, and loses', async () => {
  const { udp, tcp } = await compareTransports({ seed: '1', messages: 200, loss: 0.2 });
  expect(tcp).toMatchObject({ heard: 200, outOfOrder: 0 });
  expect(udp.heard).toBe(200 - udp.lostOnTheLink);
  expect(udp.lostOnTheLink).toBeGreaterThan(20);
  expect(udp.outOfOrder).toBeGreaterThan(0);
  expect(udp.meanMs).toBeLessThan(tcp.meanMs);
  expect(tcp.lostOnTheLink).toBeGreaterThan(0);
});

it('without loss and luck both take the latency of the link', async () => {
  const result = await compareTransports({
    seed: '1',
    loss: 0,
    jitterMs: 0,
    reorder: 0,
    latencyMs: 40,
  });
  for (const { udpMs, tcpMs } of result.deliveries) expect([udpMs, tcpMs]).toEqual([40, 40]);
});

it('is the same for the same seed', async () => {
  const table = async (seed: string) => transportTable(await compareTransports({ seed }));
  expect(await table('5')).toBe(await table('5'));
  expect(await table('5')).not.toBe(await table('6'));
});
