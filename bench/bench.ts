/** What every benchmark gives, and how runs are summed up. */

/** One line of the table: a figure of ours, and the peer's where there is one. */
export interface Result {
  /** What was measured: `64 KiB writes`. */
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  /** Whom we stand beside, and its figure under the same load. */
  readonly peer?: { readonly name: string; readonly version: string; readonly figure: number };
  /** What we want to reach: of the ratio ours/peer where there is a peer, else of our figure. */
  readonly goal?: number;
  readonly note?: string;
}

export interface Bench {
  readonly name: string;
  run(): Promise<readonly Result[]>;
}

export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Seconds of processor time of this process so far: what noise on the machine distorts least. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** The median rate of several runs of `work`, per second of processor time. */
export async function rateOf(
  runs: number,
  count: number,
  work: () => void | Promise<void>,
): Promise<number> {
  const rates: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = cpuSeconds();
    await work();
    rates.push(count / (cpuSeconds() - start));
  }
  return median(rates);
}
