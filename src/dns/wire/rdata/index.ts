/** The types of record that are known: a new one is a file beside this and a line here. */
import { types } from '../../codes.ts';
import type { ResourceRecord } from '../../types.ts';
import { a } from './a.ts';
import { aaaa } from './aaaa.ts';
import { caa } from './caa.ts';
import { cname } from './cname.ts';
import type { RdataCodec } from './codec.ts';
import { dname } from './dname.ts';
import { dnskey } from './dnskey.ts';
import { ds } from './ds.ts';
import { hinfo } from './hinfo.ts';
import { mx } from './mx.ts';
import { naptr } from './naptr.ts';
import { ns } from './ns.ts';
import { nsec } from './nsec.ts';
import { nsec3 } from './nsec3.ts';
import { nsec3param } from './nsec3param.ts';
import { ptr } from './ptr.ts';
import { rp } from './rp.ts';
import { rrsig } from './rrsig.ts';
import { soa } from './soa.ts';
import { srv } from './srv.ts';
import { sshfp } from './sshfp.ts';
import { https, svcb } from './svcb.ts';
import { tlsa } from './tlsa.ts';
import { txt } from './txt.ts';
import { formatUnknown } from './unknown.ts';

const codecs: readonly RdataCodec[] = [
  a,
  aaaa,
  ns,
  cname,
  soa,
  mx,
  txt,
  ptr,
  srv,
  caa,
  naptr,
  svcb,
  https,
  dname,
  ds,
  dnskey,
  rrsig,
  nsec,
  nsec3,
  nsec3param,
  tlsa,
  hinfo,
  rp,
  sshfp,
];
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
