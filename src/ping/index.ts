export { type PingOptions, ping } from './client.ts';
export { LOSS_RULE, PING_COUNT, PING_PORT, PING_WAIT_MS } from './defaults.ts';
export { pingDissector } from './dissect.ts';
export { Pinger } from './machine/pinger.ts';
export { pingLine, summaryText } from './present.ts';
export { type PingServerOptions, servePing } from './server.ts';
export type * from './types.ts';
export { decodePing, encodePing, upperCase } from './wire/message.ts';
