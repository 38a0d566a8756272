/** Whether a response may be stored (RFC 9111 §3). */
import type { HeaderList, RequestHead, ResponseHead } from '../../http/index.ts';
import type { Decision } from '../types.ts';
import { parseContentRange } from '../wire/content-range.ts';
import { varyNames } from '../wire/vary.ts';
import type { Demands } from './demands.ts';
import { isHeuristic, type Lifetime } from './freshness.ts';
import type { Policy } from './policy.ts';

/** The final statuses whose rules for caches are followed here (RFC 9110 §15). */
const UNDERSTOOD = new Set([
  200, 201, 202, 203, 204, 205, 206, 300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404,
  405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 426, 428, 429, 431,
  451, 500, 501, 502, 503, 504, 505,
]);

const no = (word: string, why: string, spec: string): Decision => ({ word, why, spec });

/** Undefined when it may be stored, else the reason why not. */
export function whyNotStored(
  request: RequestHead,
  demands: Demands,
  response: ResponseHead,
  policy: Policy,
  lifetime: Lifetime,
): Decision | undefined {
  return (
    byRequest(request, demands) ??
    byPolicy(request, response, policy) ??
    byStatus(response) ??
    byUse(response, policy, lifetime)
  );
}

function byRequest(request: RequestHead, demands: Demands): Decision | undefined {
  if (request.method !== 'GET') {
    return no('method', `answers to ${request.method} are not stored`, 'RFC 9111 §3');
  }
  if (demands.noStore) {
    return no('request-no-store', 'the client asks that nothing be stored', 'RFC 9111 §5.2.1.5');
  }
  return undefined;
}

function byPolicy(
  request: RequestHead,
  { status }: ResponseHead,
  policy: Policy,
): Decision | undefined {
  const understood = UNDERSTOOD.has(status);
  if (policy.mustUnderstand && !understood) {
    const why = `must-understand, and what ${status} asks of caches is not known here`;
    return no('must-understand', why, 'RFC 9111 §5.2.2.3');
  }
  if (policy.noStore && !policy.mustUnderstand) {
    return no('no-store', 'the origin forbids to store it', 'RFC 9111 §5.2.2.5');
  }
  if (policy.isPrivate) {
    return no('private', 'it is for one user, and this cache has many', 'RFC 9111 §5.2.2.7');
  }
  if (!request.headers.has('Authorization')) return undefined;
  if (policy.isPublic || policy.mustRevalidate || policy.sMaxage !== undefined) return undefined;
  const why = 'the request was authorised, and the origin does not share the answer';
  return no('authorization', why, 'RFC 9111 §3.5');
}

function byStatus({ status, headers }: ResponseHead): Decision | undefined {
  if (status === 304) {
    const why = 'it answers to a response that is not stored here';
    return no('not-modified', why, 'RFC 9111 §4.3.3');
  }
  if (varyNames(headers) === '*') {
    return no('vary-star', 'Vary: * never matches another request', 'RFC 9111 §4.1');
  }
  if (status === 206 && !saysWhichBytes(headers)) {
    const why = 'only parts that say which bytes they are can be stored';
    return no('content-range', why, 'RFC 9111 §3.3');
  }
  return undefined;
}

/** The range and the length, where both are said, must agree. */
function saysWhichBytes(headers: HeaderList): boolean {
  const range = parseContentRange(headers.get('Content-Range') ?? '');
  const length = headers.get('Content-Length');
  return (
    range !== undefined && (length === undefined || Number(length) === range.end - range.start)
  );
}

/** What has no lifetime and nothing to validate it by could never be used. */
function byUse(response: ResponseHead, policy: Policy, lifetime: Lifetime): Decision | undefined {
  const { status, headers } = response;
  if (!lifetime.explicit && !policy.isPublic && !isHeuristic(status)) {
    const why = `${status} may not be stored without the origin's word`;
    return no('status', why, 'RFC 9111 §3');
  }
  if (lifetime.ms > 0 || headers.has('ETag') || headers.has('Last-Modified')) return undefined;
  if (policy.staleWhileRevalidate !== undefined || policy.staleIfError !== undefined) {
    return undefined;
  }
  const why = 'it has neither a lifetime nor a validator: it could never be used';
  return no('no-freshness', why, 'RFC 9111 §3');
}
