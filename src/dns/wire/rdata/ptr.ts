import { defineRdata, type RdataCodec } from './codec.ts';
import { name } from './fields.ts';

export const ptr: RdataCodec = defineRdata('PTR', 'RFC 1035 §3.3.12', { target: name });
