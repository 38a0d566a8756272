import { hexBytes } from './binary.ts';
import { defineRdata, type RdataCodec } from './codec.ts';
import { u8 } from './fields.ts';

export const sshfp: RdataCodec = defineRdata('SSHFP', 'RFC 4255 §3.1', {
  algorithm: u8,
  fingerprintType: u8,
  fingerprint: hexBytes,
});
