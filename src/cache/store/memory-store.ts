/**
 * A store in memory, bounded in bytes. What goes is decided by SIEVE (NSDI 2024): a hand walks from
 * the oldest to the newest and lets go of the first that nobody used since it last came by. A hit
 * costs setting one bit, and one pass over many things does not wash out what is used often.
 */
import { CAPACITY, LARGEST_SHARE, VARIANTS_LIMIT } from '../defaults.ts';
import type { StoredResponse } from '../stored-response.ts';
import type { CacheStore } from './types.ts';

interface Node {
  readonly response: StoredResponse;
  older: Node | undefined;
  newer: Node | undefined;
}

const NOTHING: readonly StoredResponse[] = [];

export class MemoryStore implements CacheStore {
  readonly capacity: number;
  readonly largest: number;
  bytes = 0;
  evicted = 0;
  private readonly urls = new Map<string, readonly StoredResponse[]>();
  private readonly nodes = new Map<StoredResponse, Node>();
  private readonly tags = new Map<string, Set<StoredResponse>>();
  private readonly tagsOf = new Map<StoredResponse, readonly string[]>();
  private oldest: Node | undefined;
  private newest: Node | undefined;
  private hand: Node | undefined;

  constructor(options: { readonly capacity?: number; readonly largestShare?: number } = {}) {
    this.capacity = options.capacity ?? CAPACITY;
    this.largest = this.capacity * (options.largestShare ?? LARGEST_SHARE);
  }

  get count(): number {
    return this.nodes.size;
  }

  get(url: string): readonly StoredResponse[] {
    return this.urls.get(url) ?? NOTHING;
  }

  put(response: StoredResponse): boolean {
    const size = response.bytes;
    const known = this.get(response.url);
    const replaced = known.filter(({ varyKey }) => varyKey === response.varyKey);
    for (const one of replaced) this.remove(one);
    if (size > this.largest || !this.makeRoom(size)) return false;
    const variants = this.get(response.url);
    const last = variants.at(-1);
    if (last && variants.length >= VARIANTS_LIMIT) this.remove(last);
    this.urls.set(response.url, [response, ...this.get(response.url)]);
    this.link(response);
    response.counted = size;
    this.bytes += size;
    this.index(response);
    return true;
  }

  resized(response: StoredResponse): void {
    if (!this.nodes.has(response)) return;
    const size = response.bytes;
    this.bytes += size - response.counted;
    response.counted = size;
    this.unindex(response);
    this.index(response);
    this.makeRoom(0);
  }

  remove(response: StoredResponse): void {
    const node = this.nodes.get(response);
    if (!node) return;
    this.unlink(node);
    this.nodes.delete(response);
    this.bytes -= response.counted;
    this.unindex(response);
    const left = this.get(response.url).filter((one) => one !== response);
    if (left.length > 0) this.urls.set(response.url, left);
    else this.urls.delete(response.url);
  }

  reserve(bytes: number): boolean {
    if (!this.makeRoom(bytes)) return false;
    this.bytes += bytes;
    return true;
  }

  release(bytes: number): void {
    this.bytes -= bytes;
  }

  *all(): Iterable<StoredResponse> {
    for (let node = this.newest; node; node = node.older) yield node.response;
  }

  tagged(tag: string): Iterable<StoredResponse> {
    return this.tags.get(tag) ?? NOTHING;
  }

  private makeRoom(bytes: number): boolean {
    while (this.bytes + bytes > this.capacity) {
      const victim = this.victim();
      if (!victim) return false;
      this.evicted++;
      this.remove(victim.response);
    }
    return true;
  }

  private victim(): Node | undefined {
    let node = this.hand ?? this.oldest;
    while (node?.response.visited) {
      node.response.visited = false;
      node = node.newer ?? this.oldest;
    }
    this.hand = node?.newer;
    return node;
  }

  private link(response: StoredResponse): void {
    const node: Node = { response, older: this.newest, newer: undefined };
    if (this.newest) this.newest.newer = node;
    this.newest = node;
    this.oldest ??= node;
    this.nodes.set(response, node);
  }

  private unlink(node: Node): void {
    if (this.hand === node) this.hand = node.newer;
    if (node.older) node.older.newer = node.newer;
    else this.oldest = node.newer;
    if (node.newer) node.newer.older = node.older;
    else this.newest = node.older;
  }

  private index(response: StoredResponse): void {
    const { tags } = response;
    if (tags.length === 0) return;
    this.tagsOf.set(response, tags);
    for (const tag of tags) {
      const known = this.tags.get(tag);
      if (known) known.add(response);
      else this.tags.set(tag, new Set([response]));
    }
  }

  private unindex(response: StoredResponse): void {
    for (const tag of this.tagsOf.get(response) ?? []) {
      const known = this.tags.get(tag);
      known?.delete(response);
      if (known?.size === 0) this.tags.delete(tag);
    }
    this.tagsOf.delete(response);
  }
}
