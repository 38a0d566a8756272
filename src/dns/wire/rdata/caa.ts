import { defineRdata, type RdataCodec } from './codec.ts';
import { text, u8, word } from './fields.ts';

export const caa: RdataCodec = defineRdata('CAA', 'RFC 8659 §4.1', {
  flags: u8,
  tag: word,
  value: text,
});
