import { defineRdata, type RdataCodec } from './codec.ts';
import { plainName, u16 } from './fields.ts';
import { svcParams } from './svc-params.ts';

const elements = { priority: u16, target: plainName, params: svcParams };

export const svcb: RdataCodec = defineRdata('SVCB', 'RFC 9460 §2.2', elements);
export const https: RdataCodec = defineRdata('HTTPS', 'RFC 9460 §9', elements);
