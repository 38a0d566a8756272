import { deferred } from '../lib/deferred.ts';
import type { Address, Endpoint } from '../lib/endpoint.ts';
import { hasCode } from '../lib/errors.ts';
import type { Host, Lookup } from '../net/index.ts';
import type { Transport } from '../trace/index.ts';
import { parseIPv4, parseIPv6 } from './address.ts';
import { errorOf, followAliases } from './answers.ts';
import { DNS_PORT, EDNS_SIZE, RESOLVE_TIMEOUT_MS, RESOLVER_QUESTIONS } from './defaults.ts';
import { DnsError } from './errors.ts';
import { type Exchanged, exchange } from './exchange.ts';
import { HostsFile } from './hosts-file.ts';
import { Cache, RANK } from './machine/cache.ts';
import { type RootHint, reachable } from './machine/delegation.ts';
import {
  type Ask,
  Iteration,
  peekAnswer,
  type Result,
  type Surroundings,
} from './machine/iteration.ts';
import { type Note, say } from './machine/notes.ts';
import { ServerTimes } from './machine/servers.ts';
import { question as ask, message } from './message.ts';
import { nameKey, parentName, parseName } from './name.ts';
import type { Question, ResourceRecord } from './types.ts';

export interface ResolverOptions {
  /** The root servers that it starts with (RFC 1034 §5.3.2). */
  readonly hints: readonly RootHint[];
  /** The text of a hosts file, whose names come before DNS. */
  readonly hostsFile?: string;
  readonly cache?: Cache;
  /** The port of all servers; default 53. */
  readonly port?: number;
  /** The UDP size that it announces; default 1,232. */
  readonly udpSize?: number;
  /** QNAME minimisation (RFC 9156): no server sees more of a name than it needs. Default false. */
  readonly minimise?: boolean;
  /** Milliseconds after which a question fails; default 9,000. */
  readonly timeoutMs?: number;
}

export interface ResolveOptions {
  /** The conversation whose query this is: notes about what is not asked of anyone belong to it. */
  readonly asker?: {
    readonly local: Endpoint;
    readonly from: Endpoint;
    readonly transport: Transport;
  };
  /** Hears of each reply that came, in order. */
  readonly onReply?: (reply: Exchanged, ask: Ask) => void;
}

/** A resolver that does the whole work itself: it asks iteratively, from the root, with a cache. */
export class Resolver {
  readonly cache: Cache;
  readonly servers: ServerTimes = new ServerTimes();
  private readonly host: Host;
  private readonly options: ResolverOptions;
  private readonly hosts: HostsFile;
  private readonly surroundings: Surroundings;
  private readonly underWay = new Map<string, Promise<Result>>();

  constructor(host: Host, options: ResolverOptions) {
    const ipv6 = host.address.includes(':');
    this.host = host;
    this.options = options;
    this.cache = options.cache ?? new Cache();
    this.hosts = new HostsFile(options.hostsFile ?? '');
    this.surroundings = {
      cache: this.cache,
      roots: options.hints
        .map(({ name, address }) => ({ name: parseName(name), address }))
        .filter(({ address }) => reachable(address, ipv6)),
      ipv6,
      minimise: options.minimise ?? false,
      cost: (address, now) => this.servers.cost(address, now),
    };
  }

  /** Answers a question; what can't be found out is a result with SERVFAIL and its reason. */
  async query(question: Question, options: ResolveOptions = {}): Promise<Result> {
    if (question.class !== 'IN') return failed('only names of class IN can be resolved');
    const known = this.fromHosts(question);
    if (known) {
      this.note(options, say.fromHosts(question.name));
      return known;
    }
    const key = `${nameKey(question.name)} ${question.type} ${question.class}`;
    const other = this.underWay.get(key);
    if (other) {
      const result = await other;
      this.note(options, say.joined(question));
      return result;
    }
    if (this.underWay.size >= RESOLVER_QUESTIONS) {
      return failed(`more than ${RESOLVER_QUESTIONS} questions at a time`);
    }
    const { promise, resolve } = deferred<Result>();
    this.underWay.set(key, promise);
    const result = await this.resolve(question, options)
      .catch((error: unknown) => {
        resolve(failed('the resolver failed'));
        throw error;
      })
      .finally(() => this.underWay.delete(key));
    resolve(result);
    if (result.cached) this.note(options, say.fromCache(result.cached));
    return result;
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
      if (ns && !ns.denial)
        return { ...failed(undefined), rcode: 'NOERROR', authorities: ns.records };
    }
    return undefined;
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
    const result = await this.query(question);
    const error = errorOf(message({ rcode: result.rcode, answers: result.answers }), question);
    if (error && result.failure) {
      return new DnsError('DNS_SERVFAIL', `${question.name}: ${result.failure}`, { question });
    }
    if (error) return error;
    const { records } = followAliases(result.answers, question);
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
    return answers && { ...failed(undefined), rcode: 'NOERROR', answers };
  }

  private async resolve(question: Question, options: ResolveOptions): Promise<Result> {
    const { clock } = this.host;
    const limit = this.options.timeoutMs ?? RESOLVE_TIMEOUT_MS;
    const deadline = clock.now() + limit;
    const iteration = new Iteration(question, this.surroundings);
    for (;;) {
      const now = clock.now();
      const step = iteration.step(now);
      if (step.kind === 'result') return step;
      if (now >= deadline) return failed(`no answer was found within ${limit} ms`);
      try {
        const reply = await this.send(step, deadline - now, options);
        options.onReply?.(reply, step);
        iteration.receive(reply.message, reply.server, clock.now());
      } catch (error) {
        if (!(error instanceof DnsError)) throw error;
        this.servers.failed(step.address, clock.now());
        const silent = hasCode(error, 'DNS_TIMEOUT');
        iteration.failed(silent ? 'did not answer in time' : 'could not be reached');
      }
    }
  }

  private async send(step: Ask, left: number, options: ResolveOptions): Promise<Exchanged> {
    const { host, servers } = this;
    const server = { address: step.address, port: this.options.port ?? DNS_PORT };
    const timeoutMs = Math.min(left, servers.timeout(step.address, host.clock.now()));
    const note = { ...step.note, because: step.note.because ?? options.asker?.from };
    const reply = await exchange(host, server, step.question, {
      timeoutMs,
      recursionDesired: false,
      udpSize: this.options.udpSize ?? EDNS_SIZE,
      tcp: false,
      onSocket: (local, transport) => {
        const said = transport === 'tcp' ? { ...say.truncated(), because: server } : note;
        this.emit(local, server, transport, said);
      },
    });
    servers.answered(step.address, reply.took, host.clock.now());
    return reply;
  }

  /** A note about what was decided without asking anyone: it belongs to the reply to the asker. */
  private note({ asker }: ResolveOptions, note: Note): void {
    if (!asker) return;
    this.emit(asker.local, asker.from, asker.transport, { ...note, because: asker.from });
  }

  private emit(
    from: Endpoint,
    to: Endpoint,
    transport: Transport,
    { text, spec, because }: { text: string; spec: string; because?: Endpoint | undefined },
  ): void {
    const { trace, clock, name: host } = this.host;
    if (!trace.on) return;
    const at = clock.now();
    trace.emit({
      kind: 'note',
      at,
      host,
      transport,
      from,
      to,
      text,
      spec,
      ...(because && { because }),
    });
  }
}

function failed(failure: string | undefined): Result {
  return {
    kind: 'result',
    rcode: 'SERVFAIL',
    answers: [],
    authorities: [],
    failure,
    cached: undefined,
  };
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
