/** HTTP/1.1: messages, server, client, files (RFC 9110, 9112). */
export { type HeaderField, HeaderList, type HeadersInit } from '../lib/ordered-headers.ts';
export {
  type CallOptions,
  type ClientRequest,
  type ClientResponse,
  HttpClient,
  type HttpClientOptions,
  type Timings,
} from './client.ts';
export * from './defaults.ts';
export type { HttpErrorCode } from './errors.ts';
export { errorResponse, escapeHtml, htmlPage, statusPage } from './pages.ts';
export { type HttpServerOptions, serveHttp } from './server.ts';
export type * from './types.ts';
export { formatDate, parseDate } from './wire/date.ts';
export { reasonFor } from './wire/status.ts';
