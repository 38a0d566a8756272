import { algorithm, base64Bytes } from './binary.ts';
import { defineRdata, type RdataCodec } from './codec.ts';
import { u8, u16 } from './fields.ts';

export const dnskey: RdataCodec = defineRdata('DNSKEY', 'RFC 4034 §2.1', {
  flags: u16,
  protocol: u8,
  algorithm,
  key: base64Bytes,
});
