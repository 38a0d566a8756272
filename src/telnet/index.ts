export { TelnetClient, type TelnetClientOptions } from './client.ts';
export { TELNET_PORT } from './defaults.ts';
export { telnetDissector } from './dissect.ts';
export { serveTelnet, type TelnetServerOptions } from './server.ts';
export type * from './types.ts';
export { escapeIac, TelnetParser } from './wire/parser.ts';
