/** The Domain Name System: messages, zones, servers, a resolver with a cache, clients. */
export { reverseName } from './address.ts';
export { errorOf, type Followed, followAliases } from './answers.ts';
export { type QueryOptions, queryDns, type StubOptions, stubLookup } from './client.ts';
export { classes, opcodes, rcodes, types } from './codes.ts';
export * from './defaults.ts';
export { dnsDissector } from './dissect.ts';
export { DnsError, type DnsErrorCode, type DnsErrorDetails } from './errors.ts';
export type { Exchanged } from './exchange.ts';
export { authoritative } from './handlers/authoritative.ts';
export { chain, refuse } from './handlers/chain.ts';
export { type CookieOptions, cookies } from './handlers/cookies.ts';
export { type DistributeOptions, distribute, type Order } from './handlers/distribute.ts';
export { identify } from './handlers/identify.ts';
export { type LogEntry, log } from './handlers/log.ts';
export { notified } from './handlers/notified.ts';
export { rateLimit } from './handlers/rate-limit.ts';
export { type RecursiveOptions, recursive } from './handlers/recursive.ts';
export { afterwards, withOption } from './handlers/reply.ts';
export { fromLoopback, type TransferOptions, transfers } from './handlers/transfers.ts';
export type { DnsRequest, Handler, Link, Messages, Reply } from './handlers/types.ts';
export { type Check, HealthChecks, type HealthOptions, httpCheck, tcpCheck } from './health.ts';
export { HostsFile } from './hosts-file.ts';
export {
  Cache,
  type Cached,
  type CacheLimits,
  type Denial,
  RANK,
  type Rank,
} from './machine/cache.ts';
export type { RootHint } from './machine/delegation.ts';
export { type Explanation, explainName } from './machine/explain.ts';
export { RateLimiter, type RateLimits, type RateVerdict } from './machine/rate-limit.ts';
export type { Ask, Result } from './machine/result.ts';
export { isNewer, nextSerial } from './machine/serial.ts';
export { type ServerTime, ServerTimes } from './machine/servers.ts';
export { edns, message, question, reply } from './message.ts';
export {
  isWithin,
  labelsOf,
  nameKey,
  parentName,
  parseName,
  plainName,
  sameName,
} from './name.ts';
export { type NotifyOptions, notifySecondaries } from './notifier.ts';
export {
  type ClientSubnet,
  clientSubnet,
  type DnsCookie,
  EDE,
  type ExtendedError,
  extendedError,
  extendedErrors,
  formatOption,
  OPTION,
  readClientSubnet,
  readCookie,
} from './options.ts';
export {
  formatMessage,
  formatRecord,
  formatReply,
  formatShort,
  formatStep,
  replyJson,
} from './present.ts';
export { Resolver } from './resolver.ts';
export type { ResolveOptions, ResolverOptions } from './resolver-options.ts';
export { HARDENED } from './searcher.ts';
export { Secondary, type SecondaryOptions } from './secondary.ts';
export { type DnsServerOptions, serveDns } from './server.ts';
export { MemoryZone, MemoryZones, type ZoneListener } from './store/memory-zone.ts';
export type { RRset, Zone, ZoneAnswer, ZoneStore } from './store/types.ts';
export { UnavailableZone } from './store/unavailable-zone.ts';
export { checkZone, type ZoneProblem } from './store/zone-check.ts';
export { parseZoneFile, readZoneFile, type ZoneFileOptions } from './store/zone-file.ts';
export { type Place, ZoneFileError } from './store/zone-file-error.ts';
export { writeZoneFile } from './store/zone-writer.ts';
export { summarize } from './summary.ts';
export { type TransferInOptions, transferZone } from './transfer.ts';
export type * from './types.ts';
export { decodeMessage, encodeMessage, formatRdata, frame, Unframer } from './wire/index.ts';
