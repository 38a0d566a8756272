/**
 * What is to happen, in order of time; at equal times in the order in which it was asked for. A
 * 4-ary heap in typed arrays: no object per event, and half the depth of a binary heap.
 */
export class EventHeap {
  size = 0;
  private times = new Float64Array(1024);
  private orders = new Float64Array(1024);
  private slots = new Int32Array(1024);
  /** By slot: the call, or undefined when it was cancelled; and the order number of its present use. */
  private readonly calls: ((() => void) | undefined)[] = [];
  private readonly uses: number[] = [];
  private readonly free: number[] = [];
  private order = 0;
  private cancelled = 0;

  /** The time of the next event; infinite when there is none. */
  get next(): number {
    return this.size > 0 ? (this.times[0] as number) : Number.POSITIVE_INFINITY;
  }

  /** How many events wait that were not cancelled. */
  get waiting(): number {
    return this.size - this.cancelled;
  }

  /** Gives a ticket for `cancel`. */
  push(time: number, call: () => void): Ticket {
    const slot = this.free.pop() ?? this.calls.length;
    const order = this.order++;
    this.calls[slot] = call;
    this.uses[slot] = order;
    if (this.size === this.times.length) this.grow();
    this.rise(this.size++, time, order, slot);
    return slot;
  }

  /** The order number that makes a ticket unmistakable after its slot was used again. */
  useOf(ticket: Ticket): number {
    return this.uses[ticket] as number;
  }

  cancel(ticket: Ticket, use: number): void {
    if (this.uses[ticket] !== use || this.calls[ticket] === undefined) return;
    this.calls[ticket] = undefined;
    this.cancelled++;
    if (this.cancelled > 1024 && this.cancelled > this.size / 2) this.compact();
    this.skipCancelled();
  }

  /** Takes the next event out. */
  pop(): () => void {
    const slot = this.slots[0] as number;
    const call = this.calls[slot] as () => void;
    this.release(slot);
    this.removeTop();
    if (this.cancelled > 0) this.skipCancelled();
    return call;
  }

  /** Keeps the top a live event, so that time never moves to a cancelled one. */
  private skipCancelled(): void {
    while (this.size > 0) {
      const slot = this.slots[0] as number;
      if (this.calls[slot] !== undefined) return;
      this.cancelled--;
      this.release(slot);
      this.removeTop();
    }
  }

  private release(slot: number): void {
    this.calls[slot] = undefined;
    this.uses[slot] = -1;
    this.free.push(slot);
  }

  private removeTop(): void {
    const last = --this.size;
    if (last > 0) {
      this.sink(
        this.times[last] as number,
        this.orders[last] as number,
        this.slots[last] as number,
      );
    }
  }

  private rise(from: number, time: number, order: number, slot: number): void {
    const { times } = this;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      // The newcomer's order is the highest, so that it stays behind its equals.
      if ((times[parent] as number) <= time) break;
      this.move(parent, at);
      at = parent;
    }
    this.place(at, time, order, slot);
  }

  private sink(time: number, order: number, slot: number): void {
    const { times, orders, size } = this;
    let at = 0;
    for (;;) {
      const first = 4 * at + 1;
      if (first >= size) break;
      let least = first;
      let leastTime = times[first] as number;
      const end = Math.min(first + 4, size);
      for (let child = first + 1; child < end; child++) {
        const childTime = times[child] as number;
        if (childTime > leastTime) continue;
        if (childTime === leastTime && (orders[child] as number) > (orders[least] as number))
          continue;
        least = child;
        leastTime = childTime;
      }
      if (leastTime > time || (leastTime === time && (orders[least] as number) > order)) break;
      this.move(least, at);
      at = least;
    }
    this.place(at, time, order, slot);
  }

  private move(from: number, to: number): void {
    this.times[to] = this.times[from] as number;
    this.orders[to] = this.orders[from] as number;
    this.slots[to] = this.slots[from] as number;
  }

  private place(at: number, time: number, order: number, slot: number): void {
    this.times[at] = time;
    this.orders[at] = order;
    this.slots[at] = slot;
  }

  private grow(): void {
    const { times, orders, slots } = this;
    this.times = new Float64Array(2 * times.length);
    this.orders = new Float64Array(2 * times.length);
    this.slots = new Int32Array(2 * times.length);
    this.times.set(times);
    this.orders.set(orders);
    this.slots.set(slots);
  }

  /** Throws the cancelled out: a program that arms and cancels long timers must not fill the heap with them. */
  private compact(): void {
    const live: number[] = [];
    for (let i = 0; i < this.size; i++) {
      const slot = this.slots[i] as number;
      if (this.calls[slot] === undefined) this.release(slot);
      else live.push(i);
    }
    const { times, orders, slots } = this;
    const kept = live.map((i) => [times[i], orders[i], slots[i]] as [number, number, number]);
    kept.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    // Sorted entries are a heap as they stand.
    for (const [at, [time, order, slot]] of kept.entries()) this.place(at, time, order, slot);
    this.size = kept.length;
    this.cancelled = 0;
  }
}

/** Names an event that was pushed, together with its use. */
export type Ticket = number;
