import { typeBitmap } from './binary.ts';
import { defineRdata, type RdataCodec } from './codec.ts';
import { plainName } from './fields.ts';

export const nsec: RdataCodec = defineRdata('NSEC', 'RFC 4034 §4.1', {
  next: plainName,
  types: typeBitmap,
});
