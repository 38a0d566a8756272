/** Visitors known again: an identifier in a cookie, an entry in a store. */
export * from './defaults.ts';
export { Session } from './session.ts';
export { type SessionsOptions, sessionOf, sessions } from './sessions.ts';
export { memoryCounterStore, memorySessionStore } from './store.ts';
export type * from './types.ts';
