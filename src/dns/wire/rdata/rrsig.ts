import { algorithm, base64Bytes, date, typeCode } from './binary.ts';
import { defineRdata, type RdataCodec } from './codec.ts';
import { plainName, u8, u16, u32 } from './fields.ts';

export const rrsig: RdataCodec = defineRdata('RRSIG', 'RFC 4034 §3.1', {
  covered: typeCode,
  algorithm,
  labels: u8,
  originalTtl: u32,
  expiration: date,
  inception: date,
  keyTag: u16,
  signer: plainName,
  signature: base64Bytes,
});
