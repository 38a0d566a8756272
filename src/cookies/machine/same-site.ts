/** Who causes a request: the site itself, or another one (RFC 6265bis §5.2). */
import type { CookieContext, PublicSuffixes, SameSite } from '../types.ts';
import { isAddress, type Place, placeOf } from './matching.ts';

export interface SiteStatus {
  /** The page that causes the request is of another site. */
  readonly crossSite: boolean;
  /** The answer becomes part of a page of another site. */
  readonly thirdParty: boolean;
  readonly topLevel: boolean;
  /** A method that changes nothing (RFC 9110 §9.2.1). */
  readonly safe: boolean;
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

export function siteStatus(
  place: Place,
  context: CookieContext,
  suffixes: PublicSuffixes,
): SiteStatus {
  const { siteUrl, topLevel = siteUrl === undefined, method = 'GET' } = context;
  const crossSite = siteUrl !== undefined && !isSameSite(place, placeOf(siteUrl), suffixes);
  return { crossSite, thirdParty: crossSite && !topLevel, topLevel, safe: SAFE.has(method) };
}

/** The same scheme and the same registered name; a page that is nobody's is always of another site. */
function isSameSite(a: Place, b: Place | undefined, suffixes: PublicSuffixes): boolean {
  if (!b || a.scheme !== b.scheme) return false;
  return a.host === b.host || siteOf(a.host, suffixes) === siteOf(b.host, suffixes);
}

function siteOf(host: string, suffixes: PublicSuffixes): string {
  return isAddress(host) ? host : suffixes.site(host);
}

/** RFC 6265bis §5.7: an answer to a request of another site sets only what is for such requests. */
export function maySet(sameSite: SameSite, status: SiteStatus): boolean {
  return sameSite === 'none' || !status.crossSite || status.topLevel;
}

/** RFC 6265bis §5.8.3: links from elsewhere bring Lax cookies along, embedded objects only None. */
export function maySend(sameSite: SameSite, status: SiteStatus): boolean {
  if (sameSite === 'none' || !status.crossSite) return true;
  return sameSite !== 'strict' && status.topLevel && status.safe;
}
