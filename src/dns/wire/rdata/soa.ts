import { defineRdata, type RdataCodec } from './codec.ts';
import { name, seconds, u32 } from './fields.ts';

export const soa: RdataCodec = defineRdata('SOA', 'RFC 1035 §3.3.13', {
  primary: name,
  mailbox: name,
  serial: u32,
  refresh: seconds,
  retry: seconds,
  expire: seconds,
  minimum: seconds,
});
