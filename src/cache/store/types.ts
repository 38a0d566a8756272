/** Where responses are kept. A store decides what goes when room is needed; the cache decides the rest. */
import type { StoredResponse } from '../stored-response.ts';

export interface CacheStore {
  /** All that is kept of a URL, the newest first. */
  get(url: string): readonly StoredResponse[];
  /** Keeps it in the place of the one of the same URL and selecting key. False when it is too large. */
  put(response: StoredResponse): boolean;
  /** Its size has changed. */
  resized(response: StoredResponse): void;
  remove(response: StoredResponse): void;
  /** Makes room for a body that is being received; false when there is not so much. */
  reserve(bytes: number): boolean;
  release(bytes: number): void;
  all(): Iterable<StoredResponse>;
  tagged(tag: string): Iterable<StoredResponse>;
  /** The largest response that is kept. */
  readonly largest: number;
  readonly capacity: number;
  /** Bytes counted, those that are being received with them. */
  readonly bytes: number;
  readonly count: number;
  /** How many were let go to make room. */
  readonly evicted: number;
}
