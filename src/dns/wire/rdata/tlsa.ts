import { hexBytes } from './binary.ts';
import { defineRdata, type RdataCodec } from './codec.ts';
import { u8 } from './fields.ts';

export const tlsa: RdataCodec = defineRdata('TLSA', 'RFC 6698 §2.1', {
  usage: u8,
  selector: u8,
  matching: u8,
  certificate: hexBytes,
});
