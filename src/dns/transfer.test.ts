import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SimHost, World } from '../net/sim/index.ts';
import { queryDns } from './client.ts';
import { authoritative } from './handlers/authoritative.ts';
import { chain } from './handlers/chain.ts';
import { notified } from './handlers/notified.ts';
import { transfers } from './handlers/transfers.ts';
import { isNewer, nextSerial } from './machine/serial.ts';
import { question } from './message.ts';
import { notifySecondaries } from './notifier.ts';
import { extendedErrors } from './options.ts';
import { Secondary } from './secondary.ts';
import { serveDns } from './server.ts';
import { MemoryZone, MemoryZones } from './store/memory-zone.ts';
import { parseZoneFile } from './store/zone-file.ts';
import { transferZone } from './transfer.ts';
import type { Message, Name } from './types.ts';

const origin = 'campus.edu.';

function zone(serial: number, more = ''): MemoryZone {
  const text = `$TTL 300
@ SOA ns1 admin ${serial} 60 10 300 60
@ NS ns1
@ NS ns2
ns1 A 10.0.0.1
ns2 A 10.0.0.2
www A 10.0.0.80
${more}`;
  return new MemoryZone(origin, parseZoneFile(text, { origin }));
}

class Pair {
  readonly world: World = new World({ seed: 1995, strict: true });
  readonly primary: SimHost = this.world.host('ns1', { address: '10.0.0.1', latency: 5 });
  readonly copy: SimHost = this.world.host('ns2', { address: '10.0.0.2', latency: 5 });
  readonly client: SimHost = this.world.host('client', { address: '10.0.0.100' });
  readonly zones: MemoryZones;
  readonly copies: MemoryZones = new MemoryZones();
  readonly log: string[] = [];
  secondary!: Secondary;

  constructor(first: MemoryZone) {
    this.zones = new MemoryZones([first]);
  }

  async start(primaries = [{ address: '10.0.0.1', port: 53 }]): Promise<this> {
    await this.servePrimary();
    this.secondary = new Secondary(this.copy, this.copies, {
      origin,
      primaries,
      tell: (text) => void this.log.push(text),
    });
    const handler = chain(notified([this.secondary]), authoritative(this.copies));
    await this.world.run(serveDns(this.copy, { handler }));
    notifySecondaries(this.primary, this.zones);
    return this;
  }

  async servePrimary(): Promise<void> {
    const allow = (from: { address: string }) => from.address !== '10.0.0.100';
    const handler = chain(transfers(this.zones, { allow }), authoritative(this.zones));
    await this.world.run(serveDns(this.primary, { handler }));
  }

  async pass(ms: number): Promise<void> {
    await this.world.runUntil(this.world.now + ms);
  }

  ask(address: string, name: Name, type: 'A' | 'SOA' | 'AXFR' | 'IXFR', tcp = false) {
    const options = { tcp, retries: 0 };
    return this.world.run(
      queryDns(this.client, { address, port: 53 }, question(name, type), options),
    );
  }
}

describe('AXFR', () => {
  test('brings the whole zone, in many messages', async () => {
    const many = `$GENERATE 1-5000 host-$ A 10.1.0.1\nbig TXT "${'x'.repeat(200)}"`;
    const pair = new Pair(zone(1, many));
    await pair.servePrimary();
    const server = { address: '10.0.0.1', port: 53 };
    const records = await pair.world.run(transferZone(pair.copy, server, origin));
    expect(records).toEqual([...(pair.zones.get(origin)?.records() ?? [])]);
    expect(records).toHaveLength(5007);
  });

  test('is refused to who may not, on UDP, and for what is no zone of ours', async () => {
    const pair = new Pair(zone(1));
    await pair.servePrimary();
    const refused = await pair.ask('10.0.0.1', origin, 'AXFR', true);
    expect(refused.message.rcode).toBe('REFUSED');
    expect(extendedErrors(refused.message.edns)[0]?.code).toBe(18);
    const other = await pair.ask('10.0.0.1', 'www.campus.edu.', 'AXFR', true);
    expect(other.message.rcode).toBe('NOTAUTH');
    const server = { address: '10.0.0.1', port: 53 };
    const onUdp = queryDns(pair.copy, server, question(origin, 'AXFR'));
    expect((await pair.world.run(onUdp)).message.rcode).toBe('FORMERR');
    const failing = transferZone(pair.client, server, origin);
    await expect(pair.world.run(failing)).rejects.toMatchObject({ code: 'DNS_REFUSED' });
  });

  test('IXFR on UDP is answered by the SOA', async () => {
    const pair = new Pair(zone(1));
    await pair.servePrimary();
    const asked = queryDns(pair.copy, { address: '10.0.0.1', port: 53 }, question(origin, 'IXFR'));
    const { message } = await pair.world.run(asked);
    expect(message.answers.map(({ type }) => type)).toEqual(['SOA']);
  });

  test.each<[string, (good: Message) => Message, string]>([
    ['another first record', (good) => ({ ...good, answers: good.answers.slice(1) }), 'begin'],
    [
      'another SOA at the end',
      (good) => ({ ...good, answers: [...good.answers.slice(0, -1), zone(9).soa] }),
      'changed',
    ],
    ['records after it', (good) => ({ ...good, answers: [...good.answers, zone(1).soa] }), 'after'],
    ['another id', (good) => ({ ...good, id: good.id ^ 1 }), 'no reply'],
  ])('does not take %s', async (_, change, problem) => {
    const pair = new Pair(zone(1));
    const broken = chain(() => (request) => {
      const made = transfers(pair.zones, { allow: () => true })(() => undefined)(request);
      if (!made || !('messages' in made)) throw new Error('no transfer');
      return { messages: [...made.messages].map(change) };
    });
    await pair.world.run(serveDns(pair.primary, { handler: broken }));
    const transfer = transferZone(pair.copy, { address: '10.0.0.1', port: 53 }, origin);
    await expect(pair.world.run(transfer)).rejects.toThrow(problem);
  });

  test('gives up on silence, and on too many records', async () => {
    const pair = new Pair(zone(1, '$GENERATE 1-100 h$ A 10.1.0.$'));
    await pair.servePrimary();
    const server = { address: '10.0.0.1', port: 53 };
    const few = transferZone(pair.copy, server, origin, { records: 50 });
    await expect(pair.world.run(few)).rejects.toThrow('more than 50 records');
    await pair.world.run(
      pair.client.network.listen({ port: 53 }, (connection) =>
        connection.attach({ onData() {}, onClose() {} }),
      ),
    );
    const silent = transferZone(pair.copy, { address: '10.0.0.100', port: 53 }, origin);
    await expect(pair.world.run(silent)).rejects.toMatchObject({ code: 'DNS_TIMEOUT' });
  });
});

describe('a secondary', () => {
  const rcodeOf = async (pair: Pair, name = 'www.campus.edu.') =>
    (await pair.ask('10.0.0.2', name, 'A')).message.rcode;

  test('says SERVFAIL until it has the zone, then answers with authority', async () => {
    const pair = await new Pair(zone(1)).start();
    expect(await rcodeOf(pair)).toBe('SERVFAIL');
    await pair.world.run(pair.secondary.refresh());
    const { message } = await pair.ask('10.0.0.2', 'www.campus.edu.', 'A');
    expect(message.authoritative).toBe(true);
    expect(message.answers).toMatchObject([{ address: '10.0.0.80' }]);
  });

  test('follows a change within a moment by NOTIFY', async () => {
    const pair = await new Pair(zone(1)).start();
    await pair.world.run(pair.secondary.refresh());
    pair.zones.set(zone(2, 'new A 10.0.0.81'));
    await pair.pass(500);
    expect(pair.secondary.serial).toBe(2);
    expect(await rcodeOf(pair, 'new.campus.edu.')).toBe('NOERROR');
  });

  test('without NOTIFY follows after REFRESH, over the end of the circle of serials too', async () => {
    const pair = new Pair(zone(0xffff_ffff));
    await pair.servePrimary();
    const secondary = new Secondary(pair.copy, pair.copies, {
      origin,
      primaries: [{ address: '10.0.0.1', port: 53 }],
    });
    await pair.world.run(secondary.refresh());
    pair.zones.set(zone(3));
    await pair.pass(59_000);
    expect(secondary.serial).toBe(0xffff_ffff);
    await pair.pass(2_000);
    expect(secondary.serial).toBe(3);
    pair.zones.set(zone(2));
    await pair.pass(61_000);
    expect(secondary.serial).toBe(3);
  });

  test('tries again after RETRY, gives the zone up after EXPIRE, and recovers', async () => {
    const pair = await new Pair(zone(1)).start();
    await pair.world.run(pair.secondary.refresh());
    pair.world.crash('ns1');
    await pair.pass(290_000);
    expect(await rcodeOf(pair)).toBe('NOERROR');
    await pair.pass(20_000);
    const expired = await pair.ask('10.0.0.2', 'www.campus.edu.', 'A');
    expect(expired.message.rcode).toBe('SERVFAIL');
    expect(extendedErrors(expired.message.edns)).toEqual([
      { code: 14, text: 'the copy of the zone has expired' },
    ]);
    pair.world.restart('ns1');
    await pair.servePrimary();
    await pair.pass(30_000);
    expect(await rcodeOf(pair)).toBe('NOERROR');
  });

  test('goes on to the next primary', async () => {
    const primaries = ['10.0.0.77', '10.0.0.1'].map((address) => ({ address, port: 53 }));
    const pair = await new Pair(zone(1)).start(primaries);
    await pair.world.run(pair.secondary.refresh());
    expect(pair.secondary.serial).toBe(1);
    expect(pair.log[0]).toMatch(/10\.0\.0\.77/);
  });

  test('closed, waits for no answer', async () => {
    const pair = await new Pair(zone(1)).start();
    pair.world.crash('ns1');
    const asked = pair.secondary.refresh();
    await pair.pass(100);
    pair.secondary.close();
    await pair.world.run(asked);
    expect(pair.world.now).toBeLessThan(200);
    expect(pair.log).toEqual([]);
  });

  test('hears NOTIFY from its primaries alone', async () => {
    const pair = await new Pair(zone(1)).start();
    const stranger = new MemoryZones([zone(5)]);
    const said: string[] = [];
    notifySecondaries(pair.client, stranger, { tell: (text) => void said.push(text) });
    stranger.set(zone(6));
    await pair.pass(1000);
    expect(said).toEqual(['10.0.0.2 was told of campus.edu. serial 6: REFUSED']);
    expect(pair.secondary.serial).toBeUndefined();
  });

  test('NOTIFY is sent again until it is answered', async () => {
    const pair = new Pair(zone(1));
    const said: string[] = [];
    notifySecondaries(pair.primary, pair.zones, { tell: (text) => void said.push(text) });
    pair.zones.set(zone(2));
    await pair.pass(120_000);
    expect(said).toEqual(['10.0.0.2 did not answer to NOTIFY of campus.edu.']);
  });
});

test('serials are numbers on a circle (RFC 1982)', () => {
  expect(isNewer(0, 0xffff_ffff)).toBe(true);
  expect(isNewer(0x8000_0000, 0)).toBe(false);
  expect(isNewer(0, 0x8000_0000)).toBe(false);
  const serial = fc.nat(0xffff_ffff);
  fc.assert(
    fc.property(serial, (a) => isNewer(nextSerial(a), a) && !isNewer(a, a)),
    { seed: 3, numRuns: 200 },
  );
  fc.assert(
    fc.property(serial, serial, (a, b) => !(isNewer(a, b) && isNewer(b, a))),
    { seed: 4, numRuns: 200 },
  );
});
