import { TYPE_OPT } from '../codes.ts';
import { Reader } from './reader.ts';

/** Where the TTLs of a message stand. That of OPT is none (RFC 6891 §6.1.3). */
export function ttlOffsets(bytes: Uint8Array): number[] {
  const reader = new Reader(bytes, 4);
  const [questions, ...sections] = [reader.u16(), reader.u16(), reader.u16(), reader.u16()];
  for (let i = 0; i < (questions ?? 0); i++) {
    reader.name();
    reader.take(4);
  }
  const offsets: number[] = [];
  for (let left = sections.reduce((sum, count) => sum + count, 0); left > 0; left--) {
    reader.name();
    const type = reader.u16();
    reader.take(2);
    if (type !== TYPE_OPT) offsets.push(reader.at);
    reader.take(4);
    reader.take(reader.u16());
  }
  return offsets;
}
