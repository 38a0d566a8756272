/** So many of an account may be inside at once. */
export class Turnstile {
  private readonly most: number;
  private readonly inside = new Map<number, number>();

  constructor(most: number) {
    this.most = most;
  }

  /** What is called when leaving; undefined: it is full. */
  enter(account: number): (() => void) | undefined {
    const count = this.inside.get(account) ?? 0;
    if (count >= this.most) return undefined;
    this.inside.set(account, count + 1);
    return () => {
      const left = (this.inside.get(account) ?? 1) - 1;
      if (left === 0) this.inside.delete(account);
      else this.inside.set(account, left);
    };
  }
}
