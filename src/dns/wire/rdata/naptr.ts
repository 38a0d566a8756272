import { defineRdata, type RdataCodec } from './codec.ts';
import { plainName, string, u16 } from './fields.ts';

export const naptr: RdataCodec = defineRdata('NAPTR', 'RFC 3403 §4.1', {
  order: u16,
  preference: u16,
  flags: string,
  services: string,
  regexp: string,
  replacement: plainName,
});
