/** The types of record that are known: a new one is a file beside this and a line here. */
import { types } from '../../codes.ts';
import type { ResourceRecord } from '../../types.ts';
import { a } from './a.ts';
import { aaaa } from './aaaa.ts';
import { cname } from './cname.ts';
import type { RdataCodec } from './codec.ts';
import { mx } from './mx.ts';
import { ns } from './ns.ts';
import { ptr } from './ptr.ts';
import { soa } from './soa.ts';
import { txt } from './txt.ts';
import { formatUnknown } from './unknown.ts';

const codecs: readonly RdataCodec[] = [a, aaaa, ns, cname, soa, mx, txt, ptr];
const byName = new Map<string, RdataCodec>(codecs.map((codec) => [codec.type, codec]));
const byNumber = new Map<number, RdataCodec>(
  codecs.map((codec) => [types.number(codec.type), codec]),
);

export function codecOf(type: string): RdataCodec | undefined {
  return byName.get(type);
}

export function codecOfNumber(type: number): RdataCodec | undefined {
  return byNumber.get(type);
}

/** The RDATA of a record as master files write it. */
export function formatRdata(record: ResourceRecord): string {
  const codec = byName.get(record.type);
  if (codec) return codec.format(record);
  return formatUnknown('data' in record ? record.data : new Uint8Array(0));
}
