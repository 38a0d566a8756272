/** Server cookies that any server with the same secret can check: RFC 9018 §4. */
import { concat, equalBytes } from '../../lib/bytes.ts';
import { sipHash } from '../../lib/siphash.ts';
import { COOKIE_AGE_S, COOKIE_AHEAD_S, COOKIE_RENEW_S } from '../defaults.ts';

const VERSION = 1;
const LENGTH = 16;

/** `address` in bytes; `now` in seconds since 1970. */
export function makeServerCookie(
  secret: Uint8Array,
  client: Uint8Array,
  address: Uint8Array,
  now: number,
): Uint8Array {
  const time = Math.floor(now);
  const head = Uint8Array.of(VERSION, 0, 0, 0, time >>> 24, time >>> 16, time >>> 8, time);
  return concat([head, sipHash(secret, concat([client, head, address]))]);
}

export type CookieState = 'good' | 'old' | 'bad';

/** RFC 9018 §4.3: good for an hour; from half an hour on (`old`) the client is given a new one. */
export function checkServerCookie(
  secret: Uint8Array,
  client: Uint8Array,
  server: Uint8Array,
  address: Uint8Array,
  now: number,
): CookieState {
  if (server.length !== LENGTH || server[0] !== VERSION) return 'bad';
  const time = new DataView(server.buffer, server.byteOffset).getUint32(4);
  // Times are numbers of a circle: RFC 1982.
  const age = (Math.floor(now) - time) | 0;
  if (age > COOKIE_AGE_S || age < -COOKIE_AHEAD_S) return 'bad';
  // The three reserved bytes are hashed as they came.
  const hash = sipHash(secret, concat([client, server.subarray(0, 8), address]));
  if (!equalBytes(hash, server.subarray(8))) return 'bad';
  return age > COOKIE_RENEW_S ? 'old' : 'good';
}
