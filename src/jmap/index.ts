/** Mail over HTTP: JMAP (RFC 8620, RFC 8621), and the site of the webmail. */
export * from './defaults.ts';
export { type ErrorLevel, JmapError } from './errors.ts';
export type { Submit, SubmitEnvelope, SubmitOutcome, SubmitResult } from './service.ts';
export { type JmapSiteOptions, jmapSite, type Offer } from './site/jmap-site.ts';
export type * from './types.ts';
