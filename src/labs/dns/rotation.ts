/** How the order of addresses in its answers spreads clients over the servers of one name. */
import {
  authoritative,
  chain,
  distribute,
  MemoryZone,
  MemoryZones,
  type Order,
  parseZoneFile,
  serveDns,
  stubLookup,
} from '../../dns/index.ts';
import { World } from '../../net/sim/index.ts';
import { barChart } from '../plot.ts';

export interface RotationOptions {
  readonly seed: string;
  readonly lookups: number;
}

/** The servers of the name, and how heavy each is in the weighted order. */
export const SERVERS: Readonly<Record<string, number>> = {
  '10.1.0.1': 1,
  '10.1.0.2': 2,
  '10.1.0.3': 5,
};

const ORDERS: Readonly<Record<string, Order>> = {
  fixed: 'fixed',
  rotate: 'rotate',
  random: 'random',
  'weighted 1:2:5': { weights: SERVERS },
};

export interface RotationRow {
  readonly order: string;
  /** How many clients went to each server: to the first address of their answer. */
  readonly visits: Readonly<Record<string, number>>;
}

export async function compareOrders(options: RotationOptions): Promise<RotationRow[]> {
  const rows: RotationRow[] = [];
  for (const [name, order] of Object.entries(ORDERS)) rows.push(await run(options, name, order));
  return rows;
}

async function run(
  { seed, lookups }: RotationOptions,
  name: string,
  order: Order,
): Promise<RotationRow> {
  const world = new World({ seed });
  const [client, server] = [
    world.host('client', { latency: 5 }),
    world.host('server', { latency: 5 }),
  ];
  const addresses = Object.keys(SERVERS).map((address) => `www A ${address}\n`);
  const text = `$TTL 60\n@ SOA ns host 1 2 3 4 5\n@ NS ns\nns A ${server.address}\n${addresses.join('')}`;
  const zone = new MemoryZone('shop.com.', parseZoneFile(text, { origin: 'shop.com.' }));
  const visits: Record<string, number> = Object.fromEntries(
    Object.keys(SERVERS).map((one) => [one, 0]),
  );
  const visit = async () => {
    const handler = chain(
      distribute(server.random.fork('order'), { order }),
      authoritative(new MemoryZones([zone])),
    );
    const { local } = await serveDns(server, { handler });
    const lookup = stubLookup(client, local);
    for (let i = 0; i < lookups; i++) {
      const [first = ''] = await lookup('www.shop.com');
      visits[first] = (visits[first] ?? 0) + 1;
    }
  };
  await world.run(visit());
  return { order: name, visits };
}

export function rotationTable(rows: readonly RotationRow[]): string {
  return rows
    .map(({ order, visits }) => {
      const bars = Object.entries(visits).map(([label, value]) => ({
        label,
        value,
        text: String(value),
      }));
      return `${order}\n${barChart(bars)}\n`;
    })
    .join('\n');
}
