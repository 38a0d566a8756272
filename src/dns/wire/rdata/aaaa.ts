import { defineRdata, type RdataCodec } from './codec.ts';
import { ipv6 } from './fields.ts';

export const aaaa: RdataCodec = defineRdata('AAAA', 'RFC 3596 §2.2', { address: ipv6 });
