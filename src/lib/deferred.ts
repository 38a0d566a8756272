/**
 * A promise with its two ends in hand. The simulated world must run what waits for a promise before
 * time moves on, so each settling is counted: the world looks whether the count has changed.
 */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

let settled = 0;

/** How many promises were settled through this module (or announced to it) so far. */
export function settledCount(): number {
  return settled;
}

/** Says that a promise was settled by other means, so that a simulated world drains its jobs. */
export function announceSettled(): void {
  settled++;
}

export function deferred<T>(): Deferred<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  return {
    promise,
    resolve(value) {
      settled++;
      resolve(value);
    },
    reject(error) {
      settled++;
      reject(error);
    },
  };
}
