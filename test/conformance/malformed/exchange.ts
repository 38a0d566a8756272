/** Malformed messages on the wire: whole, and byte by byte. */
import { concat, fromUtf8, latin1 } from '../../../src/lib/bytes.ts';
import type { Endpoint } from '../../../src/lib/endpoint.ts';
import type { SimHost } from '../../../src/net/sim/index.ts';

/** What the whole bytes are sent as: at once, or one at a time where that takes no forever. */
export function pieces(text: string): Uint8Array[][] {
  const bytes = latin1(text);
  const single = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
  return bytes.length > 5_000 ? [[bytes]] : [[bytes], single];
}

/** Sends pieces, each in a moment of its own, then ends; gives all that comes back. */
export function exchange(
  from: SimHost,
  to: Endpoint,
  parts: readonly Uint8Array[],
): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    from.network.connect(to).then((connection) => {
      const heard: Uint8Array[] = [];
      connection.attach({
        onData: (bytes) => heard.push(bytes),
        onEnd: () => connection.end(),
        onClose: () => resolve(fromUtf8(concat(heard))),
      });
      parts.forEach((part, i) => {
        from.clock.setTimer(i, () => connection.write(part));
      });
      from.clock.setTimer(parts.length, () => connection.end());
    }, reject);
  });
}
