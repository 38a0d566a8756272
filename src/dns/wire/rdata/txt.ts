import { defineRdata, type RdataCodec } from './codec.ts';
import { strings } from './fields.ts';

export const txt: RdataCodec = defineRdata('TXT', 'RFC 1035 §3.3.14', { strings });
