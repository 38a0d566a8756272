import { describe, expect, test } from 'vitest';
import { utf8 } from '../../lib/bytes.ts';
import { type Host, seededRandom } from '../../net/index.ts';
import { World } from '../../net/sim/index.ts';
import { HealthChecks, httpCheck } from '../health.ts';
import { message, question, reply } from '../message.ts';
import type { Message, ResourceRecord } from '../types.ts';
import { formatRdata } from '../wire/index.ts';
import { type DistributeOptions, distribute } from './distribute.ts';

const end = { address: '10.0.0.1', port: 9 };

function asker(options: DistributeOptions, addresses = ['10.0.0.1', '10.0.0.2', '10.0.0.3']) {
  const owner = { class: 'IN', ttl: 1 } as const;
  const alias: ResourceRecord = { ...owner, name: 'www.', type: 'CNAME', target: 'web.' };
  const answers = addresses.map((address): ResourceRecord => {
    return { ...owner, name: 'web.', type: 'A', address };
  });
  const link = distribute(
    seededRandom(7),
    options,
  )(({ query }) => reply(query, { answers: [alias, ...answers] }));
  return (): string[] => {
    const query = message({ questions: [question('www.', 'A')] });
    const request = { query, question: query.questions[0], from: end, local: end };
    const made = link({ ...request, transport: 'udp' }) as Message;
    expect(made.answers[0]).toBe(alias);
    return made.answers.slice(1).map((record) => formatRdata(record).replace('10.0.0.', ''));
  };
}

describe('distribute', () => {
  test('rotates', () => {
    const ask = asker({});
    expect([ask(), ask(), ask(), ask()].map((one) => one.join(''))).toEqual([
      '123',
      '231',
      '312',
      '123',
    ]);
  });

  test('leaves fixed what is fixed, by name too', () => {
    const ask = asker({ order: 'random', names: { 'WEB.': 'fixed' } });
    expect([ask(), ask(), ask()].map((one) => one.join(''))).toEqual(['123', '123', '123']);
  });

  test('at random each address comes first equally often', () => {
    const ask = asker({ order: 'random' });
    const firsts = Array.from({ length: 3000 }, () => ask()[0]);
    for (const one of ['1', '2', '3']) {
      expect(Math.abs(firsts.filter((first) => first === one).length - 1000)).toBeLessThan(100);
    }
  });

  test('by weights, where 0 hides', () => {
    const ask = asker({ order: { weights: { '10.0.0.1': 3, '10.0.0.2': 0 } }, most: 1 });
    const firsts = Array.from({ length: 4000 }, () => ask());
    expect(firsts.every((one) => one.length === 1)).toBe(true);
    const first = firsts.filter(([one]) => one === '1').length;
    expect(Math.abs(first - 3000)).toBeLessThan(110);
    expect(firsts.some(([one]) => one === '2')).toBe(false);
  });

  test('gives only the healthy, and all when none is', () => {
    const well = new Set(['10.0.0.2']);
    const ask = asker({ order: 'fixed', healthy: (address) => well.has(address) });
    expect(ask()).toEqual(['2']);
    well.clear();
    expect(ask()).toEqual(['1', '2', '3']);
  });
});

describe('HealthChecks', () => {
  async function serve(host: Host, status: string): Promise<void> {
    await host.network.listen({ port: 80 }, (connection) =>
      connection.attach({
        onData() {
          connection.write(utf8(`HTTP/1.0 ${status} x\r\n\r\n`));
          connection.end();
        },
        onClose() {},
      }),
    );
  }

  test('finds out who is down, and who is back', async () => {
    const world = new World({ seed: 8, strict: true });
    const good = world.host('good', { address: '10.0.0.1' });
    const bad = world.host('bad', { address: '10.0.0.2' });
    const dead = world.host('dead', { address: '10.0.0.3' });
    await world.run(serve(good, '204'));
    await world.run(serve(bad, '503'));
    const checker = world.host('ns', { address: '10.0.0.53' });
    const health = new HealthChecks(checker, [good.address, bad.address, dead.address], {
      port: 80,
      check: httpCheck('/health'),
    });
    const state = () => [good, bad, dead].map(({ address }) => health.healthy(address));
    expect(state()).toEqual([true, true, true]);
    await world.runUntil(world.now + 30_000);
    expect(state()).toEqual([true, false, false]);
    await world.run(serve(dead, '200'));
    await world.runUntil(world.now + 15_000);
    expect(state()).toEqual([true, false, true]);
    health.close();
    expect(state()).toEqual([true, true, true]);
  });
});
