/** HTTP/1.1: messages, server, client, files (RFC 9110, 9112). */
export { type HeaderField, HeaderList, type HeadersInit } from '../lib/ordered-headers.ts';
export type { ClientResponse, Timings } from './attempt.ts';
export {
  type CallOptions,
  type ForwardOptions,
  HttpClient,
  type HttpClientOptions,
} from './client.ts';
export type { OutgoingBody } from './client-conversation.ts';
export { authorityOf, type ClientRequest, type Origin } from './client-target.ts';
export type { ContentCodings } from './codings.ts';
export * from './defaults.ts';
export type { ProxyChoice } from './dialer.ts';
export { httpDissector } from './dissect.ts';
export type { HttpErrorCode } from './errors.ts';
export {
  type EventStream,
  encodeEvent,
  eventStream,
  type ServerEventMessage,
} from './event-stream.ts';
export { accessLog, logLine } from './handlers/access-log.ts';
export { chain } from './handlers/chain.ts';
export { type CorsOptions, cors } from './handlers/cors.ts';
export { delayed, type Failing, failing } from './handlers/faults.ts';
export { mediaType } from './handlers/media-types.ts';
export { methods } from './handlers/methods.ts';
export { ownNames } from './handlers/own-names.ts';
export { type RedirectStatus, redirectResponse, redirectTo } from './handlers/redirect-to.ts';
export { type StaticFilesOptions, staticFiles } from './handlers/static-files.ts';
export { virtualHosts } from './handlers/virtual-hosts.ts';
export type { OutgoingStream } from './outgoing-stream.ts';
export { errorResponse, escapeHtml, htmlPage, statusPage } from './pages.ts';
export { type HttpServerOptions, serveHttp } from './server.ts';
export type * from './types.ts';
export { fromWeb, type WebResponse } from './web.ts';
export { formatDate, parseDate } from './wire/date.ts';
export { type EntityTag, parseTag, parseTags, sameStrong, sameWeak } from './wire/etag.ts';
export { type ByteRange, parseRange } from './wire/range.ts';
export { responseHeadLength } from './wire/serialize.ts';
export { reasonFor } from './wire/status.ts';
export { grouped, isToken, listElements, listNames, trimBlank } from './wire/tokens.ts';
