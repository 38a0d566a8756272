export { decodeMessage } from './decode.ts';
export { encodeMessage } from './encode.ts';
export { frame, Unframer } from './framing.ts';
export { formatRdata } from './rdata/index.ts';
