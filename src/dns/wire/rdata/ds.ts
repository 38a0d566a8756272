import { algorithm, hexBytes } from './binary.ts';
import { defineRdata, type RdataCodec } from './codec.ts';
import { u8, u16 } from './fields.ts';

export const ds: RdataCodec = defineRdata('DS', 'RFC 4034 §5.1', {
  keyTag: u16,
  algorithm,
  digestType: u8,
  digest: hexBytes,
});
