/** A client's cookies (RFC 6265bis §5.7, §5.8): what is taken, what goes back, and why not the rest. */
import type { CookieStore, RequestSite } from '../http/index.ts';
import { DOMAIN_LIMIT, JAR_LIMIT, LIFETIME_LIMIT_MS } from './defaults.ts';
import { reason } from './errors.ts';
import { admit, effectiveSameSite, type Rules } from './machine/admission.ts';
import { CookieTable, type TableLimits } from './machine/cookie-table.ts';
import { isTrustworthy, type Place, pathMatches, placeOf } from './machine/matching.ts';
import { maySend, type SiteStatus, siteStatus } from './machine/same-site.ts';
import { publicSuffixes } from './public-suffixes.ts';
import type {
  Cookie,
  CookieContext,
  CookieDecision,
  CookieReasonCode,
  CookieSelection,
  PublicSuffixes,
  Reason,
} from './types.ts';
import { cookieField } from './wire/cookie-field.ts';
import { type CookieFileProblem, formatCookiesTxt, parseCookiesTxt } from './wire/cookies-txt.ts';
import { parseSetCookie } from './wire/set-cookie.ts';

export interface CookieJarOptions {
  /** Milliseconds since 1970: `() => calendar(host.clock)`. */
  readonly now: () => number;
  /** Default: the list of publicsuffix.org. */
  readonly suffixes?: PublicSuffixes;
  /** `block`: sites that are embedded in other sites get no cookies and set none. Default: `allow`. */
  readonly thirdParty?: 'allow' | 'block';
  /** As before 2020: cookies without SameSite, or with `None`, go everywhere, also without TLS. */
  readonly legacySameSite?: boolean;
  readonly limits?: Partial<TableLimits>;
  /** Hears of every Set-Cookie field. */
  readonly onDecision?: (decision: CookieDecision, url: string, context: CookieContext) => void;
}

export class CookieJar implements CookieStore {
  private readonly now: () => number;
  private rules: Rules;
  private readonly table: CookieTable;
  private readonly onDecision: CookieJarOptions['onDecision'];

  constructor(options: CookieJarOptions) {
    const { now, suffixes = publicSuffixes(), thirdParty = 'allow', limits } = options;
    this.now = now;
    this.rules = { suffixes, thirdParty, legacySameSite: options.legacySameSite ?? false };
    this.table = new CookieTable({ perDomain: DOMAIN_LIMIT, total: JAR_LIMIT, ...limits });
    this.onDecision = options.onDecision;
  }

  /** Whether embedded sites get cookies, and may set some: the user may think otherwise at any time. */
  get thirdParty(): 'allow' | 'block' {
    return this.rules.thirdParty;
  }

  set thirdParty(thirdParty: 'allow' | 'block') {
    this.rules = { ...this.rules, thirdParty };
  }

  /** Takes one Set-Cookie field of an answer from `url`, or says why not. */
  set(url: string, text: string, context: CookieContext = {}): CookieDecision {
    const decision = this.decide(url, text, context);
    this.onDecision?.(decision, url, context);
    return decision;
  }

  setCookies(url: string, values: readonly string[], context: RequestSite = {}): void {
    for (const value of values) this.set(url, value, context);
  }

  /** The Cookie field of a request to `url`; undefined without any. */
  cookieHeader(url: string, context: CookieContext = {}): string | undefined {
    const { sent } = this.select(url, context);
    const now = this.now();
    for (const cookie of sent) this.table.put({ ...cookie, used: now });
    return sent.length === 0 ? undefined : cookieField(sent);
  }

  /** What would go along with a request to `url`, and what would stay behind. */
  select(url: string, context: CookieContext = {}): CookieSelection {
    const place = placeOf(url);
    if (!place) return { sent: [], withheld: [] };
    this.table.removeExpired(this.now());
    const status = siteStatus(place, context, this.rules.suffixes);
    const sent: Cookie[] = [];
    const withheld: { cookie: Cookie; reason: Reason }[] = [];
    for (const cookie of this.table.near(place.host)) {
      const code = this.obstacle(cookie, place, status, context);
      if (code === undefined) sent.push(cookie);
      else withheld.push({ cookie, reason: reason(code) });
    }
    return { sent: sent.sort(inOrder), withheld };
  }

  /** Those that have not expired. */
  all(): readonly Cookie[] {
    this.table.removeExpired(this.now());
    return [...this.table.all()];
  }

  /** True when it was there. */
  delete(cookie: Cookie): boolean {
    return this.table.remove(cookie);
  }

  clear(): void {
    for (const cookie of [...this.table.all()]) this.table.remove(cookie);
  }

  /** The browser is closed: cookies without a lifetime go (RFC 6265bis §5.7). */
  endSession(): void {
    for (const cookie of [...this.table.all()]) {
      if (cookie.expires === undefined) this.table.remove(cookie);
    }
  }

  /** The jar as a cookies.txt. */
  save(): string {
    return formatCookiesTxt(this.all());
  }

  /** Adds the cookies of a cookies.txt; gives the lines that could not be read. */
  load(text: string): readonly CookieFileProblem[] {
    const now = this.now();
    const { cookies, problems } = parseCookiesTxt(text, now);
    for (const cookie of cookies) {
      const { expires, domain } = cookie;
      const last = now + LIFETIME_LIMIT_MS;
      this.table.put(
        expires === undefined ? cookie : { ...cookie, expires: Math.min(expires, last) },
      );
      this.table.shrink(domain);
    }
    this.table.removeExpired(now);
    return problems;
  }

  private decide(url: string, text: string, context: CookieContext): CookieDecision {
    const place = placeOf(url);
    const received = parseSetCookie(text);
    if (!place) return { kind: 'refused', name: nameIn(text), ...reason('COOKIE_BAD_URL') };
    if ('code' in received) return { kind: 'refused', name: nameIn(text), ...received };
    const { rules, table } = this;
    const now = this.now();
    table.removeExpired(now);
    const cookie = admit(received, place, context, now, { rules, known: table.all() });
    if ('code' in cookie) return { kind: 'refused', name: received.name, ...cookie };
    return this.keep(cookie, context, now);
  }

  private keep(cookie: Cookie, context: CookieContext, now: number): CookieDecision {
    const { table } = this;
    const old = table.same(cookie);
    if (old?.httpOnly && context.api === 'script') {
      return { kind: 'refused', name: cookie.name, ...reason('COOKIE_HTTP_ONLY') };
    }
    if (cookie.expires !== undefined && cookie.expires <= now) {
      if (old) table.remove(old);
      return { kind: 'deleted', cookie };
    }
    const kept = old ? { ...cookie, created: old.created } : cookie;
    table.put(kept);
    table.shrink(kept.domain);
    return { kind: old ? 'replaced' : 'stored', cookie: kept };
  }

  /** Why a cookie of this host stays behind (RFC 6265bis §5.8.3). */
  private obstacle(
    cookie: Cookie,
    place: Place,
    status: SiteStatus,
    context: CookieContext,
  ): CookieReasonCode | undefined {
    if (!pathMatches(place.path, cookie.path)) return 'COOKIE_OTHER_PATH';
    if (cookie.secure && !isTrustworthy(place)) return 'COOKIE_NOT_SECURE';
    if (cookie.httpOnly && context.api === 'script') return 'COOKIE_HTTP_ONLY';
    if (status.thirdParty && this.rules.thirdParty === 'block') return 'COOKIE_THIRD_PARTY';
    if (!maySend(effectiveSameSite(cookie, this.rules), status)) return 'COOKIE_CROSS_SITE';
    return undefined;
  }
}

/** Longer paths first, then the older ones (RFC 6265bis §5.8.3). */
function inOrder(a: Cookie, b: Cookie): number {
  return b.path.length - a.path.length || a.created - b.created;
}

/** What was meant as the name, for messages. */
function nameIn(text: string): string {
  return text.split(/[=;]/, 1)[0]?.trim() ?? '';
}
