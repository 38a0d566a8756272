import { defineRdata, type RdataCodec } from './codec.ts';
import { name, u16 } from './fields.ts';

export const mx: RdataCodec = defineRdata('MX', 'RFC 1035 §3.3.9', {
  preference: u16,
  exchange: name,
});
