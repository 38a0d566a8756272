/** How long a page takes, as the course computes it: round trips and transmission times. */
import type { PageMode } from '../../page/index.ts';

/** A page of one base file and `objects` objects on one path. */
export interface PagePath {
  /** The round trip, in ms. */
  readonly rttMs: number;
  /** Bits a second of the narrowest link. */
  readonly rate: number;
  readonly objects: number;
  /** Bytes of the base file, and of each object. */
  readonly baseBytes: number;
  readonly objectBytes: number;
  /** How many connections `parallel` opens. */
  readonly connections: number;
}

export interface PageFormula {
  readonly text: string;
  readonly ms: number;
}

/** R: round trip; O/C: transmission of one object; N objects beside the base file; k connections. */
export function pageFormula(mode: PageMode, path: PagePath): PageFormula | undefined {
  const { rttMs: R, objects: N, connections: k } = path;
  const base = transmissionMs(path.baseBytes, path.rate);
  const all = N * transmissionMs(path.objectBytes, path.rate);
  switch (mode) {
    case 'serial':
      return { text: '(N+1)(2R + O/C)', ms: (N + 1) * 2 * R + base + all };
    case 'parallel':
      return {
        text: '2R + O/C + ceil(N/k) 2R + N O/C',
        ms: 2 * R + base + Math.ceil(N / k) * 2 * R + all,
      };
    case 'persistent':
      return { text: '2R + O/C + N(R + O/C)', ms: 2 * R + base + N * R + all };
    case 'pipelined':
      return { text: '2R + O/C + R + N O/C', ms: 2 * R + base + R + all };
    default:
      return undefined;
  }
}

export function transmissionMs(bytes: number, rate: number): number {
  return (bytes * 8000) / rate;
}

/**
 * One object on a new connection with slow start: 2R + O/C + P R - (2^P - 1) W/C. The window begins
 * with W and doubles; the sender stalls P times, after each window that leaves faster than its
 * acknowledgement comes.
 */
export function slowStartFormula(
  { rttMs: R, rate }: Pick<PagePath, 'rttMs' | 'rate'>,
  bytes: number,
  window: number,
): PageFormula & { readonly stalls: number } {
  const W = transmissionMs(window, rate);
  // K windows cover the object, Q stalls would happen to an endless one.
  const K = Math.ceil(Math.log2(bytes / window + 1));
  const Q = Math.max(0, Math.ceil(Math.log2(R / W)));
  const stalls = Math.max(0, Math.min(Q, K - 1));
  const ms = 2 * R + transmissionMs(bytes, rate) + stalls * R - (2 ** stalls - 1) * W;
  return { text: '2R + O/C + P R - (2^P - 1) W/C', ms, stalls };
}
