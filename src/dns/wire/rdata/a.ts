import { defineRdata, type RdataCodec } from './codec.ts';
import { ipv4 } from './fields.ts';

export const a: RdataCodec = defineRdata('A', 'RFC 1035 §3.4.1', { address: ipv4 });
