import { defineRdata, type RdataCodec } from './codec.ts';
import { name } from './fields.ts';

export const ns: RdataCodec = defineRdata('NS', 'RFC 1035 §3.3.11', { target: name });
