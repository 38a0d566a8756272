import { deferred } from '../lib/deferred.ts';
import type { Address } from '../lib/endpoint.ts';
import type { Host, Lookup } from '../net/index.ts';
import { parseIPv4, parseIPv6 } from './address.ts';
import { errorOf, followAliases } from './answers.ts';
import {
  FAILURE_MS,
  PREFETCH_SHARE,
  PREFETCH_TTL_S,
  RESOLVER_QUESTIONS,
  STALE_RECHECK_MS,
  STALE_S,
  STALE_WAIT_MS,
} from './defaults.ts';
import { DnsError } from './errors.ts';
import type { Lease } from './handlers/types.ts';
import { HostsFile } from './hosts-file.ts';
import { Cache, RANK } from './machine/cache.ts';
import { type Explanation, explainName } from './machine/explain.ts';
import { Failures } from './machine/failures.ts';
import { questionKey } from './machine/forwarding.ts';
import { type Note, say } from './machine/notes.ts';
import { peekAnswer } from './machine/peek.ts';
import { failed, type Result, result } from './machine/result.ts';
import type { ServerTimes } from './machine/servers.ts';
import { staleAnswer } from './machine/stale.ts';
import { question as ask, message } from './message.ts';
import { parentName, parseName } from './name.ts';
import { EDE } from './options.ts';
import type { ResolveOptions, ResolverOptions } from './resolver-options.ts';
import { Searcher } from './searcher.ts';
import type { Name, Question, ResourceRecord } from './types.ts';

/**
 * A resolver that does the whole work itself: it asks iteratively, from the root, with a cache; or,
 * with `forward`, leaves the work to others.
 */
export class Resolver {
  readonly cache: Cache;
  private readonly host: Host;
  private readonly options: ResolverOptions;
  private readonly hosts: HostsFile;
  private readonly searcher: Searcher;
  private readonly failures = new Failures();
  /** By question; what a client hears may come before the search is over. */
  private readonly underWay = new Map<string, Promise<Result>>();
  /** Questions whose answers are fetched anew while the old ones serve. */
  private readonly refreshing = new Set<string>();
  private sinceFlush = { flushes: -1, now: () => -1 };

  constructor(host: Host, options: ResolverOptions) {
    this.host = host;
    this.options = options;
    this.cache = options.cache ?? new Cache({ staleS: options.serveStale ? STALE_S : 0 });
    this.hosts = new HostsFile(options.hostsFile ?? '');
    this.searcher = new Searcher(host, this.cache, options);
  }

  /** How quick the servers have proved to be. */
  get servers(): ServerTimes {
    return this.searcher.servers;
  }

  /** Answers a question; what can't be found out is a result with SERVFAIL and its reason. */
  async query(question: Question, options: ResolveOptions = {}): Promise<Result> {
    if (question.class !== 'IN') {
      return failed('only names of class IN can be resolved', EDE.NOT_SUPPORTED);
    }
    const known = this.known(question, options);
    if (known) return known;
    const key = questionKey(question);
    const other = this.underWay.get(key);
    if (other) {
      const found = await other;
      this.note(options, say.joined(question));
      return found;
    }
    const failure = this.remembered(key, question, options);
    if (failure) return failure;
    if (this.underWay.size >= RESOLVER_QUESTIONS) {
      return failed(`more than ${RESOLVER_QUESTIONS} questions at a time`, EDE.OTHER);
    }
    return await this.start(key, question, options);
  }

  /** What needs no asking: from the hosts file, or the cache. Counts as a query, as `peek` does not. */
  known(question: Question, options: ResolveOptions = {}): Result | undefined {
    if (question.class !== 'IN') return undefined;
    const own = this.fromHosts(question);
    if (own) {
      this.note(options, say.fromHosts(question.name));
      return own;
    }
    const found = peekAnswer(this.cache, question, this.host.clock.now());
    if (!found?.cached) return undefined;
    this.note(options, say.fromCache(found.cached));
    this.prefetch(question, found);
    return found;
  }

  /**
   * What the cache alone says: the answer, or the name servers nearest to it. Asks nobody, so that
   * looking does not change what is seen.
   */
  peek(question: Question): Result | undefined {
    const now = this.host.clock.now();
    const known = peekAnswer(this.cache, question, now);
    if (known) return known;
    for (let zone = question.name; zone !== '.'; zone = parentName(zone) ?? '.') {
      const ns = this.cache.get(zone, 'NS', now, RANK.referral);
      if (ns && !ns.denial) return result({ rcode: 'NOERROR', authorities: ns.records });
    }
    return undefined;
  }

  /**
   * For how long a result from the cache may be given again without asking here; undefined where each
   * query counts: for the trace, and for fetching anew in time.
   */
  lease({ cached, answers, authorities, until = 0 }: Result): Lease | undefined {
    if (!cached || cached.stale || this.host.trace.on) return undefined;
    const most = Math.min(...[...answers, ...authorities].map(({ ttl }) => ttl));
    const spare = cached.left - Math.ceil(cached.ttl * PREFETCH_SHARE) - 1;
    return {
      now: this.unflushed(),
      until,
      most: this.options.prefetch ? Math.min(most, spare) : most,
    };
  }

  /** The clock, until the next flush, and while nobody watches. */
  private unflushed(): () => number {
    const { trace, clock } = this.host;
    const { cache } = this;
    const { flushes } = cache;
    if (this.sinceFlush.flushes !== flushes) {
      const now = () => (cache.flushes === flushes && !trace.on ? clock.now() : -1);
      this.sinceFlush = { flushes, now };
    }
    return this.sinceFlush.now;
  }

  /** What the cache has about a name, where it came from, and what it is good for. */
  explain(name: Name): Explanation[] {
    return explainName(this.cache, name, this.host.clock.now());
  }

  /** Forgets all, or what is known of a name (and below it); failures too. Gives how many entries. */
  flush(name?: Name, options: { readonly below?: boolean } = {}): number {
    this.failures.clear();
    return this.cache.flush(name, options);
  }

  /** The addresses of a name, IPv4 first. Throws DnsError: DNS_NXDOMAIN, DNS_NODATA, DNS_SERVFAIL. */
  readonly lookup: Lookup = (text, { signal } = {}) => {
    return signal ? unlessAborted(this.find(text), signal, text) : this.find(text);
  };

  private async find(text: string): Promise<readonly Address[]> {
    if (parseIPv4(text) || parseIPv6(text)) return [text];
    const name = parseName(text);
    const found = await this.addresses(ask(name, 'A'));
    if (Array.isArray(found)) return found;
    const other = found.code === 'DNS_NODATA' ? await this.addresses(ask(name, 'AAAA')) : found;
    if (Array.isArray(other)) return other;
    throw found;
  }

  private async addresses(question: Question): Promise<Address[] | DnsError> {
    const found = await this.query(question);
    const error = errorOf(message({ rcode: found.rcode, answers: found.answers }), question);
    if (error && found.failure) {
      return new DnsError('DNS_SERVFAIL', `${question.name}: ${found.failure}`, { question });
    }
    if (error) return error;
    const { records } = followAliases(found.answers, question);
    return records.flatMap((record) => ('address' in record ? [record.address] : []));
  }

  private fromHosts({ name, type }: Question): Result | undefined {
    const owner = { name, class: 'IN', ttl: 0 } as const;
    let answers: readonly ResourceRecord[] | undefined;
    if (type === 'PTR') {
      const target = this.hosts.nameOf(name);
      answers = target === undefined ? undefined : [{ ...owner, type, target }];
    } else if (type === 'A' || type === 'AAAA') {
      answers = this.hosts.get(name, type)?.map((address) => ({ ...owner, type, address }));
    }
    return answers && result({ rcode: 'NOERROR', answers });
  }

  /** A failure of a moment ago, unless its answer came to be known since, or stale data are at hand. */
  private remembered(key: string, question: Question, options: ResolveOptions): Result | undefined {
    const now = this.host.clock.now();
    const failure = this.failures.get(key, now);
    if (!failure) return undefined;
    const stale = this.stale(question, options, 'no server could be asked a moment ago');
    if (stale) return stale;
    this.note(options, say.remembered(question));
    const errors = [{ code: EDE.CACHED_ERROR, text: '' }, ...(failure.errors ?? [])];
    return { ...failure, errors };
  }

  /** Begins a search; what comes of it, or stale data when it fails or takes too long. */
  private start(key: string, question: Question, options: ResolveOptions): Promise<Result> {
    const { clock } = this.host;
    const done = deferred<Result>();
    const asker = options.asker;
    const patience = this.options.serveStale
      ? clock.setTimer(STALE_WAIT_MS, () => {
          const stale = this.stale(question, options, 'no server has answered yet');
          if (stale) done.resolve(stale);
        })
      : undefined;
    const search = this.searcher
      .run(question, { ...options, ...(asker && { asker }) })
      .then((found) => this.unlessFailed(key, question, options, found));
    this.underWay.set(key, done.promise);
    const end = () => {
      patience?.cancel();
      this.underWay.delete(key);
    };
    search.then(
      (found) => {
        end();
        done.resolve(found);
      },
      (error: unknown) => {
        end();
        done.reject(error);
      },
    );
    return done.promise;
  }

  private unlessFailed(
    key: string,
    question: Question,
    options: ResolveOptions,
    found: Result,
  ): Result {
    if (found.failure === undefined) return found;
    const now = this.host.clock.now();
    const stale = this.stale(question, options, found.failure);
    this.failures.set(key, found, now + (stale ? STALE_RECHECK_MS : FAILURE_MS));
    return stale ?? found;
  }

  private stale(question: Question, options: ResolveOptions, why: string): Result | undefined {
    if (!this.options.serveStale) return undefined;
    const found = staleAnswer(this.cache, question, this.host.clock.now());
    if (!found) return undefined;
    this.note(options, say.stale(question, why));
    const code = found.rcode === 'NXDOMAIN' ? EDE.STALE_NXDOMAIN : EDE.STALE;
    return { ...found, cached: undefined, errors: [{ code, text: why }] };
  }

  /** Fetches anew what is asked for and nearly over; once, however many ask. */
  private prefetch(question: Question, { cached }: Result): void {
    if (!this.options.prefetch || !cached) return;
    const { left, ttl } = cached;
    const key = questionKey(question);
    if (ttl < PREFETCH_TTL_S || left > ttl * PREFETCH_SHARE || this.refreshing.has(key)) return;
    const why = say.prefetch(question, left);
    this.refreshing.add(key);
    const end = () => this.refreshing.delete(key);
    // Who fails to fetch anew has lost nothing: the answer is good for some seconds still.
    this.searcher.run(question, { why, anew: true }).then(end, end);
  }

  /** A note about what was decided without asking anyone: it belongs to the reply to the asker. */
  private note({ asker }: ResolveOptions, note: Note): void {
    if (!asker) return;
    this.searcher.emit(asker.local, asker.from, asker.transport, { ...note, because: asker.from });
  }
}

/** The look-up goes on for the cache; only its caller stops waiting. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal, name: string): Promise<T> {
  const { promise, resolve, reject } = deferred<T>();
  const abort = () => reject(new DnsError('DNS_ABORTED', `the look-up of ${name} was given up`));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  work.then(resolve, reject);
  return promise.finally(() => signal.removeEventListener('abort', abort));
}
