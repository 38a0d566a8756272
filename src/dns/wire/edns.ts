/** EDNS(0): the OPT pseudo-record, RFC 6891 §6.1. */
import { TYPE_OPT } from '../codes.ts';
import { badMessage } from '../errors.ts';
import type { Edns, EdnsOption } from '../types.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

const DO = 0x8000;
const SPEC = 'RFC 6891 §6.1.2';

/** What an OPT record's fields say: its CLASS is a size, its TTL three things. */
export interface Opt {
  readonly edns: Edns;
  /** The upper eight bits of the RCODE. */
  readonly rcodeHigh: number;
}

/** Reads the options up to `end`; the reader stands at the RDATA. */
export function decodeOpt(udpSize: number, ttl: number, reader: Reader, end: number): Opt {
  const options: EdnsOption[] = [];
  while (reader.at < end) {
    const start = reader.at;
    const code = start + 4 <= end ? reader.u16() : -1;
    const length = code < 0 ? 0 : reader.u16();
    if (code < 0 || reader.at + length > end) {
      throw badMessage('DNS_BAD_OPTION', 'an EDNS option is longer than its OPT', SPEC, start);
    }
    options.push({ code, data: reader.take(length) });
  }
  const edns = {
    version: (ttl >>> 16) & 255,
    udpSize,
    dnssecOk: (ttl & DO) !== 0,
    options,
  };
  return { edns, rcodeHigh: ttl >>> 24 };
}

/** How many bytes the OPT record takes. */
export function optLength(edns: Edns): number {
  let length = 11;
  for (const option of edns.options) length += 4 + option.data.length;
  return length;
}

export function encodeOpt(writer: Writer, edns: Edns, rcodeHigh: number): void {
  writer.u8(0);
  writer.u16(TYPE_OPT);
  writer.u16(edns.udpSize);
  writer.u8(rcodeHigh);
  writer.u8(edns.version);
  writer.u16(edns.dnssecOk ? DO : 0);
  writer.u16(optLength(edns) - 11);
  for (const option of edns.options) {
    writer.u16(option.code);
    writer.u16(option.data.length);
    writer.put(option.data);
  }
}
