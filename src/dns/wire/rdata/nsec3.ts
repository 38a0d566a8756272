import { hash, salt, typeBitmap } from './binary.ts';
import { defineRdata, type RdataCodec } from './codec.ts';
import { u8, u16 } from './fields.ts';

export const nsec3: RdataCodec = defineRdata('NSEC3', 'RFC 5155 §3.2', {
  algorithm: u8,
  flags: u8,
  iterations: u16,
  salt,
  next: hash,
  types: typeBitmap,
});
