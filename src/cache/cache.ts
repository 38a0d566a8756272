/** A shared HTTP cache before an origin, or before all of them (RFC 9111). */
import { type Context, type Request, type Response, statusPage } from '../http/index.ts';
import { calendar, type Host } from '../net/index.ts';
import { answerFrom, bytesServed, headersOf, servingOf } from './answers.ts';
import { CACHE_NAME, REFRESH_TIMEOUT_MS, TARGETS, WAITS_LIMIT } from './defaults.ts';
import { Flights } from './flights.ts';
import { Growing } from './growing.ts';
import { type Found, find } from './lookup.ts';
import { type Demands, demandsOf, NO_DEMANDS } from './machine/demands.ts';
import type { MalformedAge } from './machine/freshness.ts';
import { type Reuse, reuse } from './machine/reuse.ts';
import { purge } from './purge.ts';
import type { CacheShared, Inquiry, Reason } from './shared.ts';
import { Counters } from './statistics.ts';
import { MemoryStore } from './store/memory-store.ts';
import type { CacheStore } from './store/types.ts';
import type { StoredResponse } from './stored-response.ts';
import { Trip } from './trip.ts';
import type { CacheStatistics, EntryView, Forward, PurgeTarget } from './types.ts';
import { urlOf } from './url-key.ts';
import type { CacheStatus } from './wire/cache-status.ts';
import { selectingKey } from './wire/vary.ts';

export interface HttpCacheOptions {
  /** Bytes in memory; default 64 MiB. */
  readonly capacity?: number;
  /** Another place to keep responses. */
  readonly store?: CacheStore;
  /** How it is called in Cache-Status. */
  readonly name?: string;
  /** The fields of RFC 9213 that are meant for this cache; default CDN-Cache-Control. */
  readonly targets?: readonly string[];
  /** An Age that is no number: to be ignored (RFC 9111 §5.1), or taken as too old. */
  readonly malformedAge?: MalformedAge;
}

/** Request fields that make more of a request than "give me this". */
const PARTICULAR = [
  'Cache-Control',
  'Pragma',
  'Range',
  'If-None-Match',
  'If-Modified-Since',
  'If-Match',
  'If-Unmodified-Since',
  'Upgrade',
  'Content-Length',
  'Transfer-Encoding',
];

export class HttpCache {
  private readonly shared: CacheShared;

  constructor(host: Host, options: HttpCacheOptions = {}) {
    const { capacity, store, name = CACHE_NAME, targets = TARGETS, malformedAge } = options;
    this.shared = {
      host,
      name,
      store: store ?? new MemoryStore(capacity === undefined ? {} : { capacity }),
      rules: { targets, malformedAge: malformedAge ?? 'ignore' },
      counters: new Counters(),
      flights: new Flights(),
      growing: new Growing(),
      trips: new Set(),
    };
  }

  /** Answers from what is stored, or asks the origin. A plain request for what is fresh is answered at once. */
  answer(request: Request, context: Context, forward: Forward): Response | Promise<Response> {
    return this.ready(request, context) ?? this.consider(request, context, forward);
  }

  /** The short way: one fresh response, whole, for a plain GET. The answer stays the same for a second. */
  ready(request: Request, context: Context): Response | undefined {
    if (request.method !== 'GET' || isParticular(request)) return undefined;
    const { store, growing, counters } = this.shared;
    const url = urlOf(request);
    const [stored, another] = store.get(url);
    if (!stored || another || stored.vary.length > 0) return undefined;
    if (!growing.empty && growing.get(url).length > 0) return undefined;
    const now = this.now;
    if (now >= stored.readyUntil && !this.prepare(stored, now)) return undefined;
    stored.visited = true;
    stored.hits++;
    counters.requests++;
    counters.hits++;
    counters.bytesSaved += stored.size ?? 0;
    if (this.shared.host.trace.on) noteHit(context, stored, now, FRESH_NOTE);
    return stored.ready;
  }

  private consider(
    request: Request,
    context: Context,
    forward: Forward,
  ): Response | Promise<Response> {
    this.shared.counters.requests++;
    const url = urlOf(request);
    const { headers } = request;
    const demands =
      headers.has('Cache-Control') || headers.has('Pragma') ? demandsOf(headers) : NO_DEMANDS;
    const inquiry: Inquiry = { request, context, forward, url, demands };
    const bypassed = whyBypassed(request, demands);
    if (bypassed) return this.pass(inquiry, bypassed);
    const found = this.find(inquiry);
    const now = this.now;
    const hit = this.hit(inquiry, found, now);
    if (hit) return hit;
    if (demands.onlyIfCached) {
      return statusPage(504, 'Nothing is stored that could answer.', { spec: 'RFC 9111 §5.2.1.7' });
    }
    return this.fetch(inquiry, found, now);
  }

  /** Lets go of what matches; softly: it must be validated before its next use. Gives how many. */
  purge(target: PurgeTarget, options: { readonly soft?: boolean } = {}): number {
    return purge(this.shared, target, options.soft ?? false);
  }

  statistics(): CacheStatistics {
    return this.shared.counters.statistics(this.shared.store);
  }

  /** What is stored, the newest first, and before it what is being received. */
  view(): EntryView[] {
    const { store, growing } = this.shared;
    return [...growing.all(), ...store.all()].map((stored) => stored.view(this.now));
  }

  private get now(): number {
    return calendar(this.shared.host.clock);
  }

  private find({ url, request }: Inquiry): Found {
    const { store, growing } = this.shared;
    const coming = growing.empty ? [] : growing.get(url);
    const stored = store.get(url);
    return find(coming.length > 0 ? [...coming, ...stored] : stored, request.headers);
  }

  /** False when the response can't be given without more ado. */
  private prepare(stored: StoredResponse, now: number): boolean {
    const { whole } = stored;
    if (!whole || !stored.isFresh(now)) return false;
    const { status, reason } = stored;
    const making = {
      name: this.shared.name,
      now,
      status: hitStatus(stored, now),
      random: this.shared.host.random,
    };
    stored.ready = Object.freeze({
      status,
      reason,
      headers: headersOf(stored, making),
      body: whole,
    });
    stored.readyUntil = stored.sameUntil(now);
    return true;
  }

  /** Undefined when the origin must be asked. */
  private hit(
    inquiry: Inquiry,
    { match }: Found,
    now: number,
    collapsed?: Reason,
  ): Response | undefined {
    const { request, context, demands } = inquiry;
    const verdict = match && reuse(match, match.age(now), demands);
    if (!match || !verdict || verdict.use === 'validate') return undefined;
    const serving = servingOf(match, request, now);
    if (!serving) return undefined;
    if (verdict.use === 'refresh') this.refresh(inquiry, match);
    this.countHit(match, verdict, collapsed !== undefined);
    this.shared.counters.bytesSaved += bytesServed(match, request.method, serving);
    if (context && this.shared.host.trace.on) noteHit(context, match, now, verdict);
    const status = collapsed
      ? { fwd: collapsed.fwd, collapsed: true, ttl: hitStatus(match, now).ttl }
      : hitStatus(match, now, verdict);
    const { name, host } = this.shared;
    return answerFrom(match, request, serving, { name, now, status, random: host.random });
  }

  private countHit(stored: StoredResponse, { use }: Reuse, collapsed: boolean): void {
    const { counters } = this.shared;
    stored.visited = true;
    stored.hits++;
    if (collapsed) counters.collapsed++;
    else counters.hits++;
    if (use !== 'fresh') counters.staleHits++;
  }

  private pass(inquiry: Inquiry, reason: Reason): Promise<Response> {
    const found =
      inquiry.request.method === 'HEAD' ? this.find(inquiry) : { match: undefined, others: [] };
    return new Trip(this.shared, inquiry, found, reason).run(() => {});
  }

  /** Asks the origin, or waits for another who does (RFC 9111 §4: collapsed requests). */
  private async fetch(inquiry: Inquiry, found: Found, now: number): Promise<Response> {
    const { flights } = this.shared;
    const shares = !inquiry.demands.noCache;
    let current = found;
    let inVain = false;
    for (let waits = 0; shares && waits < WAITS_LIMIT && !inVain; waits++) {
      const flight = flights.get(flightKey(inquiry, current));
      if (!flight) break;
      const reason = this.reason(inquiry, current, now);
      flight.waiting++;
      const landing = await flight.landed;
      flight.waiting--;
      current = this.find(inquiry);
      const hit = landing.outcome === 'stored' && this.hit(inquiry, current, this.now, reason);
      if (hit) return hit;
      if (landing.outcome === 'failed') {
        return new Trip(this.shared, inquiry, current, reason, true).failed(landing.error);
      }
      // Another variant than the one that came may be on its way for somebody else.
      inVain = landing.outcome === 'alone' || current.match !== undefined;
    }
    return this.lead(inquiry, current, inVain);
  }

  private lead(inquiry: Inquiry, found: Found, inVain: boolean): Promise<Response> {
    const { flights } = this.shared;
    const key = flightKey(inquiry, found);
    const reason = this.reason(inquiry, found, this.now);
    const trip = new Trip(this.shared, inquiry, found, reason, inVain ? false : undefined);
    if (inVain || !mayLead(inquiry, found) || flights.isLoner(key, this.now) || flights.get(key)) {
      return trip.run((landing) => {
        if (landing.outcome === 'stored') flights.unsetLoner(key);
      });
    }
    const flight = flights.begin(key);
    return trip.run((landing) => {
      if (landing.outcome === 'alone') flights.setLoner(key, this.now);
      flights.land(key, flight, landing);
    }, flight);
  }

  /** Asks behind the clients' backs; what comes is stored, and nobody waits for it (RFC 5861 §3). */
  private refresh({ request, forward, url }: Inquiry, stored: StoredResponse): void {
    const headers = request.headers.without('Range', 'If-Range', ...PARTICULAR);
    const inquiry: Inquiry = {
      request: {
        method: 'GET',
        target: request.target,
        version: '1.1',
        headers,
        body: request.body,
      },
      context: undefined,
      forward: (asked) => forward({ ...asked, signal: abort.signal }),
      url,
      demands: NO_DEMANDS,
    };
    const abort = new AbortController();
    const found = { match: stored, others: [] };
    if (this.shared.flights.get(flightKey(inquiry, found))) return;
    const timer = this.shared.host.clock.setTimer(REFRESH_TIMEOUT_MS, () => abort.abort());
    const over = (): void => timer.cancel();
    this.lead(inquiry, found, false).then(over, over);
  }

  private reason({ request, demands }: Inquiry, { match, others }: Found, now: number): Reason {
    if (!match) {
      const [fwd, why] =
        others.length > 0
          ? (['vary-miss', 'other variants are stored, not this one'] as const)
          : (['uri-miss', 'nothing is stored of this URL'] as const);
      return { fwd, why, spec: 'RFC 9111 §4' };
    }
    const { use, fwd, word, why, spec } = reuse(match, match.age(now), demands);
    if (use === 'validate') return { fwd, detail: word === fwd ? undefined : word, why, spec };
    const part = request.headers.has('Range') ? 'not these parts of it' : 'only a part is stored';
    return { fwd: 'partial', why: part, spec: 'RFC 9111 §3.3' };
  }
}

function isParticular({ headers }: Request): boolean {
  for (const name of PARTICULAR) if (headers.has(name)) return true;
  return false;
}

const FRESH_NOTE = { why: 'a stored response is fresh', spec: 'RFC 9111 §4.2' };

function noteHit(
  context: Context,
  stored: StoredResponse,
  now: number,
  { why, spec }: { readonly why: string; readonly spec: string },
): void {
  const { lifetime, lifetimeFrom } = stored;
  const age = Math.round(stored.age(now) / 1000);
  context.note(`hit: ${why}, ${age} s of ${Math.round(lifetime / 1000)} s (${lifetimeFrom})`, spec);
}

function hitStatus(stored: StoredResponse, now: number, verdict?: Reuse): CacheStatus {
  const ttl = (stored.lifetime - stored.age(now)) / 1000;
  return verdict && verdict.use !== 'fresh' ? { ttl, detail: verdict.word } : { ttl };
}

/** What the cache has no part in. */
function whyBypassed({ method, headers, body }: Request, { noStore }: Demands): Reason | undefined {
  if (method !== 'GET' && method !== 'HEAD') {
    return { fwd: 'method', why: `${method} goes to the origin`, spec: 'RFC 9111 §4' };
  }
  if (body.length !== 0) {
    // What stands in it may decide the answer, and is no part of the key (RFC 9110 §9.3.1).
    const why = `a ${method} with a body is not answered from here`;
    return { fwd: 'bypass', detail: 'body', why, spec: 'RFC 9110 §9.3.1' };
  }
  if (noStore) {
    const why = 'the client wants nothing stored';
    return { fwd: 'request', detail: 'no-store', why, spec: 'RFC 9111 §5.2.1.5' };
  }
  if (headers.has('If-Match') || headers.has('If-Unmodified-Since')) {
    const why = 'only the origin can tell whether If-Match holds';
    return { fwd: 'request', detail: 'precondition', why, spec: 'RFC 9111 §4.3.2' };
  }
  return undefined;
}

/** Whether others may wait for what this request brings: all of it, whatever the client has already. */
function mayLead({ request: { method, headers }, demands }: Inquiry, { match }: Found): boolean {
  if (method !== 'GET' || demands.noCache || headers.has('Range')) return false;
  if (match) return true;
  return !headers.has('If-None-Match') && !headers.has('If-Modified-Since');
}

/** Requests that would select the same, as far as can be told before the answer is there. */
function flightKey({ url, request }: Inquiry, { match, others }: Found): string {
  const vary = (match ?? others[0])?.vary ?? [];
  return vary.length === 0 ? url : `${url}\n${selectingKey(request.headers, vary)}`;
}
