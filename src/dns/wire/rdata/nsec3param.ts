import { salt } from './binary.ts';
import { defineRdata, type RdataCodec } from './codec.ts';
import { u8, u16 } from './fields.ts';

export const nsec3param: RdataCodec = defineRdata('NSEC3PARAM', 'RFC 5155 §4.2', {
  algorithm: u8,
  flags: u8,
  iterations: u16,
  salt,
});
