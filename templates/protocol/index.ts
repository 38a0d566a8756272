export { greet } from './client.ts';
export { GREETING_PORT } from './defaults.ts';
export { greetingDissector } from './dissect.ts';
export { type GreetingServerOptions, serveGreeting } from './server.ts';
export type * from './types.ts';
