import { defineRdata, type RdataCodec } from './codec.ts';
import { plainName } from './fields.ts';

export const dname: RdataCodec = defineRdata('DNAME', 'RFC 6672 §2.1', {
  target: plainName,
});
