import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latin1 } from '../lib/bytes.ts';
import { World } from '../net/sim/index.ts';
import {
  decodePing,
  encodePing,
  type PingEvent,
  Pinger,
  ping,
  pingDissector,
  pingLine,
  servePing,
  summaryText,
  upperCase,
} from './index.ts';

describe('the message', () => {
  it.each([
    ['Ping 1 12.5', { sequence: 1, time: '12.5' }],
    ['PING 10 Thu Jan  1 00:00:00 2026\n', { sequence: 10, time: 'Thu Jan  1 00:00:00 2026' }],
    ['Ping one 12.5', undefined],
    ['Ping 1', undefined],
    ['Pong 1 2', undefined],
    ['', undefined],
  ])('%j', (text, message) => {
    expect(decodePing(latin1(text))).toEqual(message);
  });

  it('comes back as it was sent', () => {
    const sequence = fc.integer({ min: 1, max: 999_999_999 });
    fc.assert(
      fc.property(sequence, fc.stringMatching(/^[!-~]([ -~]*[!-~])?$/), (number, time) => {
        const message = { sequence: number, time };
        expect(decodePing(encodePing(message))).toEqual(message);
      }),
      { seed: 1 },
    );
  });

  it('is put in capitals byte by byte, as a ten-line server does', () => {
    expect(upperCase(latin1('Ping é 1 az{`'))).toEqual(latin1('PING é 1 AZ{`'));
  });
});

describe('the book of the client', () => {
  it('counts late and second replies for what they are', () => {
    const pinger = new Pinger();
    pinger.send(0, 0);
    pinger.timeout();
    pinger.send(1000, 1000);
    expect(pinger.receive(latin1('PING 1 0.000000'), 1200)).toMatchObject({
      type: 'late',
      seconds: 1.2,
    });
    expect(pinger.waiting).toBe(true);
    expect(pinger.receive(latin1('PING 2 1.000000'), 1500)).toMatchObject({
      type: 'reply',
      seconds: 0.5,
    });
    expect(pinger.receive(latin1('PING 2 1.000000'), 1600)).toMatchObject({ type: 'duplicate' });
    expect(pinger.receive(latin1('PING 7 1.000000'), 1600)).toMatchObject({ type: 'stray' });
    expect(pinger.receive(latin1('hello'), 1600)).toMatchObject({ type: 'stray' });
    const summary = pinger.summary();
    expect(summary).toMatchObject({
      sent: 2,
      received: 2,
      late: 1,
      duplicates: 1,
      loss: 0,
      minimum: 0.5,
      maximum: 1.2,
    });
    expect(summary.mean).toBeCloseTo(0.85);
    expect(summary.deviation).toBeCloseTo(0.35);
    expect(summaryText(summary)).toContain('2 sent, 2 received (1 late, 1 duplicate), 0.0 % lost');
  });

  it('has no times where nothing came', () => {
    const pinger = new Pinger();
    pinger.send(0, 0);
    pinger.timeout();
    expect(pinger.summary()).toEqual({
      sent: 1,
      received: 0,
      late: 0,
      duplicates: 0,
      loss: 1,
      times: [null],
    });
    expect(summaryText(pinger.summary())).toBe('1 sent, 0 received, 100.0 % lost');
  });
});

async function run(seed: number, count: number, loss?: { below: number; of: number }) {
  const world = new World({ seed, hash: true });
  const [client, server] = [
    world.host('client', { latency: 10 }),
    world.host('server', { latency: 15 }),
  ];
  const events: PingEvent[] = [];
  const summary = await world.run(
    (async () => {
      const { local } = await servePing(server, loss ? { loss } : {});
      return ping(client, local, { count, onEvent: (event) => events.push(event) });
    })(),
  );
  return { summary, events, hash: world.hash };
}

describe('on the simulated network', () => {
  it('takes one round trip a message where nothing is lost', async () => {
    const { summary, events } = await run(1, 10, { below: 0, of: 1 });
    expect(summary.times).toEqual(Array.from({ length: 10 }, () => 0.05));
    expect(pingLine(events[0] as PingEvent)).toMatch(/^PING 1 \d+\.\d{6} {3}0\.050000 s$/);
  });

  it('counts the same when nobody listens to its events', async () => {
    const world = new World({ seed: 1 });
    const host = world.host('host');
    const alone = async () =>
      ping(host, (await servePing(host, { loss: { below: 0, of: 1 } })).local);
    expect(await world.run(alone())).toMatchObject({ sent: 10, received: 10 });
  });

  it('loses everything by the rule 1/1', async () => {
    const { summary, events } = await run(1, 3, { below: 1, of: 1 });
    expect(summary).toMatchObject({ received: 0, loss: 1 });
    expect(events.map(pingLine)).toEqual(Array.from({ length: 3 }, () => 'Request timed out'));
  });

  it('loses 4 in 11 by the rule of the exercise, within four deviations', async () => {
    const count = 5_000;
    const { summary } = await run(7, count);
    const share = 4 / 11;
    expect(Math.abs(summary.loss - share)).toBeLessThan(
      4 * Math.sqrt((share * (1 - share)) / count),
    );
  });

  it('is the same run for the same seed', async () => {
    expect((await run(3, 20)).hash).toBe((await run(3, 20)).hash);
    expect((await run(3, 20)).hash).not.toBe((await run(4, 20)).hash);
  });
});

it('is dissected with its number as the key', () => {
  const bytes = latin1('PING 12 34.5');
  const found = pingDissector.datagram?.(bytes);
  expect(found).toMatchObject({ summary: 'PING 12 34.5', role: 'reply', key: '12' });
  expect(found?.fields().map(({ name, start, end }) => [name, start, end])).toEqual([
    ['Word', 0, 4],
    ['Sequence number', 5, 7],
    ['Time of sending', 8, 12],
  ]);
});
