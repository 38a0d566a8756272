import { defineRdata, type RdataCodec } from './codec.ts';
import { plainName } from './fields.ts';

export const rp: RdataCodec = defineRdata('RP', 'RFC 1183 §2.2', {
  mailbox: plainName,
  text: plainName,
});
