import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkZone, MemoryZone, parseZoneFile, type ResourceRecord } from '../dns/index.ts';
import { AppError } from '../lib/errors.ts';
import type { Host } from '../net/index.ts';
import { World } from '../net/sim/index.ts';
import { PERIODS } from './defaults.ts';
import { Registry, type RegistryStore } from './index.ts';
import { addYears, phaseOf } from './machine/life.ts';
import { memoryRegistryStore } from './store/memory.ts';
import type { Answer, Command, Contact } from './types.ts';

const DAY = 86_400_000;
const EPOCH = Date.UTC(2026, 0, 1);
const BASE = `$TTL 86400
@ SOA a.nic hostmaster.nic 7 1800 900 604800 1
  NS a.nic
a.nic A 127.20.0.12
whois.nic A 127.20.0.12
shop 3600 NS ns.shop
ns.shop A 127.20.3.53`;
const REGISTRARS = [
  { id: 'course', name: 'The Registrar', secret: 'chalk', url: 'http://www.registrar.com/' },
  { id: 'other', name: 'The Other', secret: 'board' },
];
const ANN: Contact = { name: 'Ann' };
const SERVERS = [{ name: 'ns.books.com', addresses: ['127.0.0.9'] }];

/** A registry of com on a simulated host, and the zone that it wrote last. */
class Bench {
  readonly world = new World({ seed: 1, epoch: EPOCH });
  readonly host: Host = this.world.host('a.com');
  zone: readonly ResourceRecord[] = [];
  registry!: Registry;

  static async open(store?: RegistryStore, limit?: number): Promise<Bench> {
    const bench = new Bench();
    bench.registry = await bench.world.run(bench.reopen(store, limit));
    return bench;
  }

  reopen(store?: RegistryStore, limit?: number): Promise<Registry> {
    return Registry.open(this.host, {
      zone: 'com.',
      base: parseZoneFile(BASE, { origin: 'com.' }),
      registrars: REGISTRARS,
      owners: { 'shop.com': { name: 'The shop' } },
      onZone: (records) => {
        this.zone = records;
      },
      ...(store && { store }),
      ...(limit !== undefined && { limit }),
    });
  }

  do(command: Command, registrar = 'course'): Promise<Answer> {
    return this.world.run(this.registry.execute(command, registrar));
  }

  create(name = 'books.com', nameServers = SERVERS): Promise<Answer> {
    return this.do({ command: 'create', name, registrant: ANN, nameServers });
  }

  /** Lets so many days pass. */
  async wait(days: number): Promise<void> {
    await this.world.runUntil(this.world.now + days * DAY);
  }

  /** `NS ns.books.com.` and the like, of one owner. */
  records(owner: string): string[] {
    return this.zone.flatMap((record) => {
      if (record.name !== owner) return [];
      const data = 'target' in record ? record.target : 'address' in record ? record.address : '';
      return [`${record.type} ${data}`.trim()];
    });
  }

  get serial(): number {
    const [soa] = this.zone;
    return soa?.type === 'SOA' ? soa.serial : 0;
  }
}

const refusal = (code: string) => expect.objectContaining({ name: 'RegistrationError', code });

describe('what the operator of the zone wrote', () => {
  it('stays, and its delegations are registrations', async () => {
    const bench = await Bench.open();
    expect(bench.records('ns.shop.com.')).toEqual(['A 127.20.3.53']);
    expect(bench.zone.find(({ name, type }) => name === 'shop.com.' && type === 'NS')?.ttl).toBe(
      3600,
    );
    expect(bench.registry.domain('shop.com')).toMatchObject({
      registrant: { name: 'The shop' },
      nameServers: [{ name: 'ns.shop.com', addresses: ['127.20.3.53'] }],
    });
    expect(bench.registry.check('nic.com')).toMatchObject({ available: false });
    await expect(bench.create('shop.com')).rejects.toEqual(refusal('REG_EXISTS'));
  });
});

describe('a name', () => {
  it('is registered, and delegated with glue under a new serial', async () => {
    const bench = await Bench.open();
    const before = bench.serial;
    const { result, domain } = await bench.create();
    expect(result).toBe(1000);
    expect(domain).toMatchObject({
      status: ['ok'],
      registrar: 'course',
      created: '2026-01-01T00:00:00Z',
    });
    expect(domain?.expires).toBe('2027-01-01T00:00:00Z');
    expect(domain?.code).toMatch(/^[a-z2-9]{16}$/);
    expect(bench.records('books.com.')).toEqual(['NS ns.books.com.']);
    expect(bench.records('ns.books.com.')).toEqual(['A 127.0.0.9']);
    expect(bench.serial).toBeGreaterThan(before);
  });

  it('belongs to one owner', async () => {
    const bench = await Bench.open();
    const both = ['course', 'other'].map((registrar) =>
      bench.registry.execute({ command: 'create', name: 'books.com', registrant: ANN }, registrar),
    );
    const outcomes = await bench.world.run(Promise.allSettled(both));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('without name servers is registered, and not in the zone', async () => {
    const bench = await Bench.open();
    expect((await bench.create('quiet.com', [])).domain?.status).toEqual(['inactive']);
    expect(bench.records('quiet.com.')).toEqual([]);
  });

  it('is renewed for years, up to ten from now, and not twice by one request sent twice', async () => {
    const bench = await Bench.open();
    await bench.create();
    const renew = { command: 'renew', name: 'books.com', years: 2, expires: '2027-01-01' } as const;
    expect((await bench.do(renew)).domain?.expires).toBe('2029-01-01T00:00:00Z');
    await expect(bench.do(renew)).rejects.toEqual(refusal('REG_OUT_OF_RANGE'));
    const again = { command: 'renew', name: 'books.com', years: 8 } as const;
    await expect(bench.do(again)).rejects.toEqual(refusal('REG_NOT_RENEWABLE'));
    await expect(bench.do({ ...again, years: 11 })).rejects.toEqual(refusal('REG_OUT_OF_RANGE'));
  });

  it('goes to another registrar with its code, and gets a new one', async () => {
    const bench = await Bench.open();
    const code = (await bench.create()).domain?.code ?? '';
    const transfer = { command: 'transfer', name: 'books.com', code } as const;
    await expect(bench.do({ ...transfer, code: 'guess' }, 'other')).rejects.toEqual(
      refusal('REG_WRONG_CODE'),
    );
    await expect(bench.do(transfer)).rejects.toEqual(refusal('REG_NOT_TRANSFERABLE'));
    const { domain } = await bench.do(transfer, 'other');
    expect(domain).toMatchObject({ registrar: 'other', expires: '2028-01-01T00:00:00Z' });
    expect(domain?.code).not.toBe(code);
    expect((await bench.do({ command: 'info', name: 'books.com' })).domain?.code).toBeUndefined();
    await expect(bench.do({ command: 'renew', name: 'books.com' })).rejects.toEqual(
      refusal('REG_NOT_AUTHORISED'),
    );
  });

  it('is changed by its sponsor; locks hold until they are taken away', async () => {
    const bench = await Bench.open();
    await bench.create();
    const update = { command: 'update', name: 'books.com' } as const;
    await bench.do({ ...update, nameServers: [{ name: 'ns.college.edu', addresses: [] }] });
    expect(bench.records('books.com.')).toEqual(['NS ns.college.edu.']);
    expect(bench.records('ns.books.com.')).toEqual([]);
    await bench.do({
      ...update,
      lock: ['clientHold', 'clientUpdateProhibited', 'clientDeleteProhibited'],
    });
    expect(bench.records('books.com.')).toEqual([]);
    await expect(bench.do({ ...update, registrant: { name: 'Bob' } })).rejects.toEqual(
      refusal('REG_STATUS_PROHIBITS'),
    );
    await expect(bench.do({ command: 'delete', name: 'books.com' })).rejects.toEqual(
      refusal('REG_STATUS_PROHIBITS'),
    );
    await bench.do({
      ...update,
      unlock: ['clientUpdateProhibited', 'clientHold', 'clientDeleteProhibited'],
    });
    expect(bench.records('books.com.')).toEqual(['NS ns.college.edu.']);
  });

  it('deleted within days of its registration is free at once', async () => {
    const bench = await Bench.open();
    await bench.create();
    expect((await bench.do({ command: 'delete', name: 'books.com' })).result).toBe(1000);
    expect(bench.records('books.com.')).toEqual([]);
    expect(bench.registry.check('books.com').available).toBe(true);
  });

  it('deleted later can be restored, and then not any more, and is then free', async () => {
    const bench = await Bench.open();
    await bench.create();
    await bench.wait(10);
    const gone = await bench.do({ command: 'delete', name: 'books.com' });
    expect(gone).toMatchObject({
      result: 1001,
      domain: { status: ['pendingDelete'], restorableUntil: '2026-02-10T00:00:00Z' },
    });
    expect(bench.records('books.com.')).toEqual([]);
    await bench.wait(29);
    await bench.do({ command: 'restore', name: 'books.com' });
    expect(bench.records('books.com.')).toEqual(['NS ns.books.com.']);
    await bench.do({ command: 'delete', name: 'books.com' });
    await bench.wait(31);
    await expect(bench.do({ command: 'restore', name: 'books.com' })).rejects.toEqual(
      refusal('REG_STATUS_PROHIBITS'),
    );
    await bench.wait(5);
    expect(bench.registry.check('books.com').available).toBe(true);
  });

  it('expires after its years without anybody doing anything', async () => {
    const bench = await Bench.open();
    await bench.do({
      command: 'create',
      name: 'books.com',
      registrant: ANN,
      nameServers: SERVERS,
      years: 3,
    });
    const toExpiry = (addYears(EPOCH, 3) - EPOCH) / DAY;
    await bench.wait(toExpiry - 1);
    expect(bench.records('books.com.')).toEqual(['NS ns.books.com.']);
    await bench.wait(1);
    expect(bench.records('books.com.')).toEqual([]);
    await bench.do({ command: 'renew', name: 'books.com' });
    expect(bench.records('books.com.')).toEqual(['NS ns.books.com.']);
    await bench.wait(365 + 65);
    expect(bench.registry.check('books.com').available).toBe(true);
  });

  it('whose server serves others is not taken away from under them', async () => {
    const bench = await Bench.open();
    await bench.create();
    await bench.create('maps.com', [{ name: 'ns.books.com', addresses: [] }]);
    await expect(bench.do({ command: 'delete', name: 'books.com' })).rejects.toEqual(
      refusal('REG_IN_USE'),
    );
    const bare = { command: 'update', name: 'books.com', nameServers: [] } as const;
    await expect(bench.do(bare)).rejects.toEqual(refusal('REG_IN_USE'));
  });
});

it('a host can get another address, and its glue follows', async () => {
  const bench = await Bench.open();
  await bench.create();
  const nameServers = [{ name: 'ns.books.com', addresses: ['127.0.0.8', '::2'] }];
  await bench.do({ command: 'update', name: 'books.com', nameServers });
  expect(bench.records('ns.books.com.')).toEqual(['A 127.0.0.8', 'AAAA ::2']);
});

it('a name whose only server was within a name that is gone is not delegated to nowhere', async () => {
  const bench = await Bench.open();
  await bench.create();
  const nameServers = [{ name: 'ns.books.com', addresses: [] }];
  await bench.do({ command: 'create', name: 'maps.com', registrant: ANN, years: 10, nameServers });
  await bench.wait(365 + 10);
  expect(bench.records('maps.com.')).toEqual(['NS ns.books.com.']);
  expect(bench.records('ns.books.com.')).toEqual(['A 127.0.0.9']);
  await bench.wait(60);
  expect(bench.registry.domain('books.com')).toBeUndefined();
  expect(bench.records('maps.com.')).toEqual([]);
  expect(checkZone('com.', bench.zone).filter(({ severity }) => severity === 'error')).toEqual([]);
});

it('has room for so many names, and patience for so many changes at a time', async () => {
  const bench = await Bench.open(undefined, 3);
  await bench.create('a.com', []);
  await bench.create('b.com', []);
  await expect(bench.create('c.com', [])).rejects.toEqual(refusal('REG_FULL'));
  const renew = () => bench.registry.execute({ command: 'renew', name: 'a.com' }, 'other');
  const all = Promise.allSettled(Array.from({ length: 1_001 }, renew));
  const codes = (await bench.world.run(all)).map((one) => {
    return one.status === 'rejected' ? (one.reason as AppError).code : 'done';
  });
  expect(codes.slice(0, 1_000)).toEqual(Array(1_000).fill('REG_NOT_AUTHORISED'));
  expect(codes.at(-1)).toBe('REG_BUSY');
});

it('what is committed is there again; the serial goes on', async () => {
  const store = memoryRegistryStore();
  const bench = await Bench.open(store);
  const { domain } = await bench.create();
  const { serial } = bench;
  await bench.registry.close();
  bench.registry = await bench.world.run(bench.reopen(store));
  expect(bench.serial).toBeGreaterThan(serial);
  expect((await bench.do({ command: 'info', name: 'books.com' })).domain).toEqual(domain);
});

it('a store that fails changes nothing', async () => {
  const store = memoryRegistryStore();
  let broken = false;
  const commit: RegistryStore['commit'] = async (change) => {
    if (broken) throw new AppError('FULL', 'no space');
    return store.commit(change);
  };
  const bench = await Bench.open({ ...store, commit });
  const { zone } = bench;
  broken = true;
  await expect(bench.create()).rejects.toThrow('no space');
  expect(bench.zone).toBe(zone);
  broken = false;
  expect((await bench.create()).result).toBe(1000);
});

const NAMES = ['books.com', 'maps.com', 'shop.com'];
const name = fc.constantFrom(...NAMES);
const servers = fc.uniqueArray(fc.constantFrom(...NAMES.map((one) => `ns.${one}`), 'ns.x.edu'), {
  maxLength: 2,
});
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ command: fc.constant('create' as const), name, registrant: fc.constant(ANN) }),
  fc.record({ command: fc.constant('renew' as const), name }),
  fc.record({ command: fc.constant('transfer' as const), name, code: fc.constant('guess') }),
  fc.record({ command: fc.constant('delete' as const), name }),
  fc.record({ command: fc.constant('restore' as const), name }),
  fc.tuple(name, servers).map(
    ([of, hosts]): Command => ({
      command: 'update',
      name: of,
      nameServers: hosts.map((host) => ({
        name: host,
        addresses: host === `ns.${of}` ? ['127.0.0.9'] : [],
      })),
    }),
  ),
);

it('whatever is asked, by whomever: one sponsor a name, no transfer without the code, and a sound zone', async () => {
  const step = fc.tuple(
    command,
    fc.constantFrom('course', 'other', 'registry'),
    fc.constantFrom(0, 1, 20, 200),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const bench = await Bench.open();
      for (const [asked, registrar, days] of steps) {
        const before = bench.registry.domain('name' in asked ? asked.name : '');
        await bench.do(asked, registrar).catch((error: unknown) => {
          if (!(error instanceof AppError)) throw error;
        });
        const after = bench.registry.domain('name' in asked ? asked.name : '');
        if (before && after) expect(after.registrar).toBe(before.registrar);
        if (before && before.registrar !== registrar) expect(after).toEqual(before);
        await bench.wait(days);
        expect(
          checkZone('com.', bench.zone).filter(({ severity }) => severity === 'error'),
        ).toEqual([]);
        const zone = new MemoryZone('com.', bench.zone);
        for (const known of NAMES) {
          const domain = bench.registry.domain(known);
          const told = domain?.nameServers.map(({ name: host }) => `${host}.`) ?? [];
          const isLive = domain && phaseOf(domain, bench.registry.now, PERIODS) === 'active';
          const found = (zone.rrset(`${known}.`, 'NS')?.records ?? []).map((record) =>
            record.type === 'NS' ? record.target : '',
          );
          // All that were told; of hosts in this zone, those that somebody still tells the address of.
          const served = told.filter((host) => host === 'ns.x.edu.' || zone.rrset(host, 'A'));
          expect(found.sort()).toEqual(isLive ? served.sort() : []);
        }
      }
    }),
    { seed: 4, numRuns: 60 },
  );
});
