/** Transfers under way: how much is left of each, and which will be done first. */
import type { Loop, Source } from './loop.ts';
import { Flow, type Link, Sharing } from './max-min.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** A flow that carries one load after another, and says when each has left. */
export class Transfer extends Flow {
  /** Calls when the load has left; it may load again at once. */
  readonly left: () => void;
  remaining = 0;
  since = 0;
  finish: number = NEVER;
  heapIndex = -1;
  /** Decides between transfers that end in the same instant. */
  readonly id: number;

  constructor(id: number, up: Link | undefined, down: Link | undefined, left: () => void) {
    super(up, down);
    this.id = id;
    this.left = left;
  }
}

export class Flows implements Source {
  readonly sharing: Sharing = new Sharing();
  private readonly loop: Loop;
  private readonly heap: Transfer[] = [];
  private idle: Transfer[] = [];
  private count = 0;
  private deferred = false;

  constructor(loop: Loop) {
    this.loop = loop;
    loop.source = this;
  }

  /** The time at which the next load will have left. */
  get next(): number {
    const first = this.heap[0];
    return first ? first.finish : NEVER;
  }

  transfer(up: Link | undefined, down: Link | undefined, left: () => void): Transfer {
    return new Transfer(this.count++, up, down, left);
  }

  /** Gives a transfer something to carry; it has nothing else at present. */
  load(transfer: Transfer, bytes: number): void {
    transfer.remaining = bytes;
    transfer.since = this.loop.now;
    if (transfer.active) this.schedule(transfer);
    else {
      transfer.rate = 0;
      this.sharing.add(transfer);
      this.settleLater();
    }
  }

  /** Takes away what it carries. */
  unload(transfer: Transfer): void {
    transfer.remaining = 0;
    this.takeOut(transfer);
    this.rest(transfer);
  }

  fire(): void {
    const transfer = this.heap[0] as Transfer;
    transfer.remaining = 0;
    this.takeOut(transfer);
    transfer.left();
    if (transfer.remaining === 0) this.rest(transfer);
  }

  /** Rates may have changed: makes them right before time moves on, once for all changes of this instant. */
  settleLater(): void {
    if (this.deferred) return;
    this.deferred = true;
    this.loop.defer(() => this.settle());
  }

  private settle(): void {
    this.deferred = false;
    for (const transfer of this.idle) {
      if (transfer.active && transfer.remaining === 0) this.sharing.remove(transfer);
    }
    this.idle = [];
    this.sharing.settle((flow, rate) => {
      const transfer = flow as Transfer;
      this.progress(transfer);
      transfer.rate = rate;
      if (transfer.remaining > 0) this.schedule(transfer);
    });
  }

  /** A transfer without a load keeps its share until the end of the instant: the next load often follows at once. */
  private rest(transfer: Transfer): void {
    if (!transfer.active) return;
    this.idle.push(transfer);
    this.settleLater();
  }

  private progress(transfer: Transfer): void {
    const { now } = this.loop;
    // No time is no progress, at an infinite rate too.
    const done = now > transfer.since ? transfer.rate * (now - transfer.since) : 0;
    transfer.since = now;
    // What rounding left of a load that is not over yet must still take its turn.
    if (transfer.remaining > 0) {
      transfer.remaining = Math.max(transfer.remaining - done, Number.MIN_VALUE);
    }
  }

  private schedule(transfer: Transfer): void {
    const finish = this.loop.now + transfer.remaining / transfer.rate;
    transfer.finish = Number.isNaN(finish) ? NEVER : finish;
    if (transfer.heapIndex < 0) {
      transfer.heapIndex = this.heap.length;
      this.heap.push(transfer);
    }
    this.rise(transfer);
    this.sink(transfer);
  }

  private takeOut(transfer: Transfer): void {
    const at = transfer.heapIndex;
    if (at < 0) return;
    transfer.heapIndex = -1;
    transfer.finish = NEVER;
    const last = this.heap.pop() as Transfer;
    if (last === transfer) return;
    this.put(last, at);
    this.rise(last);
    this.sink(last);
  }

  private rise(transfer: Transfer): void {
    let at = transfer.heapIndex;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const above = this.heap[parent] as Transfer;
      if (!before(transfer, above)) break;
      this.put(above, at);
      at = parent;
    }
    this.put(transfer, at);
  }

  private sink(transfer: Transfer): void {
    const { heap } = this;
    let at = transfer.heapIndex;
    for (;;) {
      const first = 4 * at + 1;
      if (first >= heap.length) break;
      let least = heap[first] as Transfer;
      let leastAt = first;
      const end = Math.min(first + 4, heap.length);
      for (let child = first + 1; child < end; child++) {
        const candidate = heap[child] as Transfer;
        if (!before(candidate, least)) continue;
        least = candidate;
        leastAt = child;
      }
      if (!before(least, transfer)) break;
      this.put(least, at);
      at = leastAt;
    }
    this.put(transfer, at);
  }

  private put(transfer: Transfer, at: number): void {
    this.heap[at] = transfer;
    transfer.heapIndex = at;
  }
}

function before(a: Transfer, b: Transfer): boolean {
  return a.finish < b.finish || (a.finish === b.finish && a.id < b.id);
}
