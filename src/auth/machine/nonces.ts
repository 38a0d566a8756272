/** Nonces that a server knows again without having kept them, and what was proved with each (RFC 7616 §3.3, §5.4). */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64Url, fromBase64Url } from '../../lib/base64.ts';
import { concat } from '../../lib/bytes.ts';
import { COUNT_WINDOW, NONCE_LIFETIME_MS, NONCE_LIMIT } from '../defaults.ts';
import { sameBytes } from './compare.ts';

const TIME_BYTES = 6;
const LUCK_BYTES = 10;
const TAG_BYTES = 16;

export interface NoncesOptions {
  readonly secret: Uint8Array;
  readonly lifetimeMs?: number;
  readonly limit?: number;
}

/** The highest count seen, and a bit for each of those before it. */
interface Counts {
  readonly issued: number;
  highest: number;
  seen: number;
}

/** Time and luck, with a tag over both: nobody else can make one, and none needs to be stored. */
export class Nonces {
  private readonly secret: Uint8Array;
  private readonly lifetimeMs: number;
  private readonly limit: number;
  private readonly used = new Map<string, Counts>();
  /** What was issued up to here may have been forgotten. */
  private forgotten = -1;

  constructor({ secret, lifetimeMs = NONCE_LIFETIME_MS, limit = NONCE_LIMIT }: NoncesOptions) {
    this.secret = secret;
    this.lifetimeMs = lifetimeMs;
    this.limit = limit;
  }

  /** `luck` are random bytes of the host; times are milliseconds since 1970. */
  issue(now: number, luck: (length: number) => Uint8Array): string {
    const body = new Uint8Array(TIME_BYTES + LUCK_BYTES);
    let rest = Math.floor(now);
    for (let at = TIME_BYTES - 1; at >= 0; at--, rest = Math.floor(rest / 256))
      body[at] = rest % 256;
    body.set(luck(LUCK_BYTES), TIME_BYTES);
    return base64Url(concat([body, this.tag(body)]));
  }

  /** `bad` was never ours; `stale` was, and its time is over. */
  check(nonce: string, now: number): 'good' | 'stale' | 'bad' {
    const issued = this.issuedAt(nonce);
    if (issued === undefined) return 'bad';
    const known = this.used.has(nonce);
    return now - issued > this.lifetimeMs || (!known && issued <= this.forgotten)
      ? 'stale'
      : 'good';
  }

  /** Takes a count for once; false when it was used before. Only for nonces that are good. */
  use(nonce: string, count: number): boolean {
    const counts = this.used.get(nonce) ?? this.remember(nonce);
    const ahead = count - counts.highest;
    if (ahead > 0) {
      counts.seen = ahead >= COUNT_WINDOW ? 1 : ((counts.seen << ahead) | 1) >>> 0;
      counts.highest = count;
      return true;
    }
    if (-ahead >= COUNT_WINDOW || (counts.seen >>> -ahead) & 1) return false;
    counts.seen = (counts.seen | (1 << -ahead)) >>> 0;
    return true;
  }

  private remember(nonce: string): Counts {
    const counts = { issued: this.issuedAt(nonce) ?? 0, highest: 0, seen: 0 };
    this.used.set(nonce, counts);
    if (this.used.size > this.limit) {
      const [oldest] = this.used;
      if (oldest) {
        this.used.delete(oldest[0]);
        this.forgotten = Math.max(this.forgotten, oldest[1].issued);
      }
    }
    return counts;
  }

  private issuedAt(nonce: string): number | undefined {
    const bytes = fromBase64Url(nonce);
    if (bytes?.length !== TIME_BYTES + LUCK_BYTES + TAG_BYTES) return undefined;
    const body = bytes.subarray(0, TIME_BYTES + LUCK_BYTES);
    if (!sameBytes(bytes.subarray(TIME_BYTES + LUCK_BYTES), this.tag(body))) return undefined;
    return body.subarray(0, TIME_BYTES).reduce((time, byte) => time * 256 + byte, 0);
  }

  private tag(body: Uint8Array): Uint8Array {
    return hmac(sha256, this.secret, body).subarray(0, TAG_BYTES);
  }
}
