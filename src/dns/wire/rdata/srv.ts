import { defineRdata, type RdataCodec } from './codec.ts';
import { plainName, u16 } from './fields.ts';

export const srv: RdataCodec = defineRdata('SRV', 'RFC 2782', {
  priority: u16,
  weight: u16,
  port: u16,
  target: plainName,
});
