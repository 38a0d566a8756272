/** The pinger's one line of ASCII: `Ping <sequence number> <time>`, and its echo in capitals. */
import { fromLatin1, latin1 } from '../../lib/bytes.ts';
import type { PingMessage } from '../types.ts';

export function encodePing(message: PingMessage): Uint8Array {
  return latin1(`Ping ${message.sequence} ${message.time}`);
}

/** Reads a ping or its reply; undefined for anything else. White space at the end is let pass. */
export function decodePing(bytes: Uint8Array): PingMessage | undefined {
  const match = /^ping (\d{1,9}) ([\x20-\x7e]*?)\s*$/i.exec(fromLatin1(bytes));
  if (!match) return undefined;
  return { sequence: Number(match[1]), time: match[2] ?? '' };
}

/** The server's whole work: letters a to z in capitals, every other byte as it is. */
export function upperCase(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => (byte >= 97 && byte <= 122 ? byte - 32 : byte));
}
