import { defineRdata, type RdataCodec } from './codec.ts';
import { string } from './fields.ts';

export const hinfo: RdataCodec = defineRdata('HINFO', 'RFC 1035 §3.3.2', {
  cpu: string,
  os: string,
});
