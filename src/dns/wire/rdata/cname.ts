import { defineRdata, type RdataCodec } from './codec.ts';
import { name } from './fields.ts';

export const cname: RdataCodec = defineRdata('CNAME', 'RFC 1035 §3.3.1', { target: name });
