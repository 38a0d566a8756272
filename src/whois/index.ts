/** WHOIS (RFC 3912): whom a name belongs to, asked by a line of text. */
export { queryWhois, type WalkOptions, type WhoisOptions, whois } from './client.ts';
export { WHOIS_PORT } from './defaults.ts';
export { whoisDissector } from './dissect.ts';
export { serveWhois, type WhoisServerOptions } from './server.ts';
export type * from './types.ts';
export { answerLines, referralOf } from './wire/answer.ts';
export { encodeQuery, QueryReader } from './wire/query.ts';
