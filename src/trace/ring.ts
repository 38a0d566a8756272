/** Keeps the newest items within a number and a total weight; the oldest leave first. */
export class Ring<T> {
  private items: T[] = [];
  private start = 0;
  private weight = 0;
  /** How many items have left so far. */
  dropped = 0;
  private readonly most: number;
  private readonly heaviest: number;
  private readonly weigh: (item: T) => number;

  constructor(most: number, heaviest: number, weigh: (item: T) => number) {
    this.most = most;
    this.heaviest = heaviest;
    this.weigh = weigh;
  }

  get size(): number {
    return this.items.length - this.start;
  }

  /** Adds an item and gives those that had to leave for it. */
  push(item: T): readonly T[] {
    this.items.push(item);
    this.weight += this.weigh(item);
    const left: T[] = [];
    while (this.size > 1 && (this.size > this.most || this.weight > this.heaviest)) {
      const oldest = this.items[this.start++] as T;
      this.weight -= this.weigh(oldest);
      left.push(oldest);
    }
    this.dropped += left.length;
    if (this.start > 1024 && this.start * 2 > this.items.length) {
      this.items = this.items.slice(this.start);
      this.start = 0;
    }
    return left;
  }

  clear(): void {
    this.items = [];
    this.start = 0;
    this.weight = 0;
  }

  /** From the oldest to the newest. */
  values(): T[] {
    return this.items.slice(this.start);
  }
}
