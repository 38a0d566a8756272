/** A mail relay: routing, queue, delivery, bounces (RFC 5321, RFC 3461, RFC 3464). */
export * from './defaults.ts';
export { RelayRefusal } from './errors.ts';
export { type GreylistOptions, greylist } from './handlers/greylist.ts';
export { type RateLimitOptions, rateLimit } from './handlers/rate-limit.ts';
export { resolverRelayLookup, stubRelayLookup } from './lookup.ts';
export { attemptText } from './machine/verdict.ts';
export { Relay, type RelayOptions, type Submitted, type SubmittedEnvelope } from './relay.ts';
export { type MemoryTables, memoryQueueTables } from './store/memory.ts';
export type {
  Attempt,
  MxRecord,
  QueuedMessage,
  QueuedRecipient,
  QueueTables,
  RecipientState,
  RelayEvent,
  RelayEventKind,
  RelayLimits,
  RelayLookup,
  RelayStore,
  RelayTransaction,
  RetrySchedule,
  Smarthost,
} from './types.ts';
