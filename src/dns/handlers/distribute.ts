import type { Address } from '../../lib/endpoint.ts';
import { fraction, type Random } from '../../net/index.ts';
import { TURN_NAMES } from '../defaults.ts';
import { nameKey } from '../name.ts';
import type { Name, ResourceRecord } from '../types.ts';
import { afterwards } from './reply.ts';
import type { Link } from './types.ts';

/** In which order several addresses of one name are given: clients take the first. */
export type Order =
  | 'fixed'
  /** Each answer begins with the next one. */
  | 'rotate'
  | 'random'
  /** At random, the heavier more often first; without a weight an address has 1, and 0 hides it. */
  | { readonly weights: Readonly<Record<Address, number>> };

export interface DistributeOptions {
  /** The order for a name without one of its own; default `rotate`. */
  readonly order?: Order;
  /** The order for names of their own. */
  readonly names?: Readonly<Record<Name, Order>>;
  /** Whether an address is in order: only such are given, unless none is. */
  readonly healthy?: (address: Address) => boolean;
  /** At most so many addresses in one answer. */
  readonly most?: number;
}

type AddressRecord = Extract<ResourceRecord, { address: Address }>;

/**
 * Spreads clients over the addresses of a name (RFC 1794 calls it load balancing): changes order and
 * choice of the A and AAAA records in the answers of the links after it.
 */
export function distribute(random: Random, options: DistributeOptions = {}): Link {
  const { order = 'rotate', healthy = () => true, most = Number.POSITIVE_INFINITY } = options;
  const names = new Map(
    Object.entries(options.names ?? {}).map(([name, own]) => [nameKey(name), own]),
  );
  const turn = new Turns();
  return afterwards((made) => {
    if (made.answers.length === 0) return made;
    const answers: ResourceRecord[] = [];
    for (const set of setsIn(made.answers)) {
      const [first] = set;
      if (!first || !isAddress(first)) {
        answers.push(...set);
        continue;
      }
      const all = set.filter(isAddress);
      const well = all.filter((record) => healthy(record.address));
      const key = nameKey(first.name);
      const own = names.get(key) ?? order;
      const sorted = arrange(well.length > 0 ? well : all, own, random, () => turn.next(key));
      answers.push(...sorted.slice(0, most));
    }
    return { ...made, answers };
  });
}

function isAddress(record: ResourceRecord): record is AddressRecord {
  return record.type === 'A' || record.type === 'AAAA';
}

function setsIn(records: readonly ResourceRecord[]): ResourceRecord[][] {
  const sets: ResourceRecord[][] = [];
  for (const record of records) {
    const last = sets.at(-1);
    const same = last?.[0]?.type === record.type && last[0].name === record.name;
    if (last && same) last.push(record);
    else sets.push([record]);
  }
  return sets;
}

function arrange(
  records: readonly AddressRecord[],
  order: Order,
  random: Random,
  turn: () => number,
): readonly AddressRecord[] {
  if (order === 'fixed' || records.length === 0) return records;
  if (order === 'rotate') {
    const at = turn() % records.length;
    return [...records.slice(at), ...records.slice(0, at)];
  }
  const weights = order === 'random' ? {} : order.weights;
  const weightOf = ({ address }: AddressRecord) => Math.max(0, weights[address] ?? 1);
  const visible = records.filter((record) => weightOf(record) > 0);
  return draw(visible.length > 0 ? visible : records, weightOf, random);
}

/** One after another, each with the chance of its weight among those that are left. */
function draw(
  records: readonly AddressRecord[],
  weightOf: (record: AddressRecord) => number,
  random: Random,
): AddressRecord[] {
  const left = [...records];
  const drawn: AddressRecord[] = [];
  while (left.length > 0) {
    let at = fraction(random) * left.reduce((sum, record) => sum + weightOf(record), 0);
    let i = 0;
    for (; i < left.length - 1; i++) {
      at -= weightOf(left[i] as AddressRecord);
      if (at < 0) break;
    }
    drawn.push(...left.splice(i, 1));
  }
  return drawn;
}

/** Whose turn it is, by name. Below a wildcard there are names without end, so all start anew at times. */
class Turns {
  private readonly turns = new Map<string, number>();

  next(key: string): number {
    const turn = this.turns.get(key) ?? 0;
    if (this.turns.size >= TURN_NAMES) this.turns.clear();
    this.turns.set(key, turn + 1);
    return turn;
  }
}
