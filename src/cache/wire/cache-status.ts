/** One member of Cache-Status (RFC 9211 §2). */
import { tokenOrString } from './structured.ts';

/** Why a request went on to the origin (RFC 9211 §2.2). */
export type ForwardReason =
  | 'bypass'
  | 'method'
  | 'uri-miss'
  | 'vary-miss'
  | 'request'
  | 'stale'
  | 'partial';

export interface CacheStatus {
  /** Undefined for a hit. */
  readonly fwd?: ForwardReason | undefined;
  readonly fwdStatus?: number | undefined;
  readonly stored?: boolean | undefined;
  readonly collapsed?: boolean | undefined;
  /** Seconds of freshness left; negative when stale. */
  readonly ttl?: number | undefined;
  readonly detail?: string | undefined;
}

/** `toplayer; hit; ttl=376`, `toplayer; fwd=stale; fwd-status=304; stored` */
export function cacheStatus(name: string, status: CacheStatus): string {
  const { fwd, fwdStatus, ttl, stored, collapsed, detail } = status;
  let text = tokenOrString(name);
  text += fwd === undefined ? '; hit' : `; fwd=${fwd}`;
  if (fwdStatus !== undefined) text += `; fwd-status=${fwdStatus}`;
  if (ttl !== undefined) text += `; ttl=${Math.floor(ttl)}`;
  if (stored !== undefined) text += stored ? '; stored' : '; stored=?0';
  if (collapsed !== undefined) text += collapsed ? '; collapsed' : '; collapsed=?0';
  if (detail !== undefined) text += `; detail=${tokenOrString(detail)}`;
  return text;
}
