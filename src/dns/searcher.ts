import type { Endpoint } from '../lib/endpoint.ts';
import { hasCode } from '../lib/errors.ts';
import type { Host } from '../net/index.ts';
import type { Transport } from '../trace/index.ts';
import { DNS_PORT, EDNS_SIZE, RESOLVE_TIMEOUT_MS, WRONG_REPLIES } from './defaults.ts';
import { DnsError } from './errors.ts';
import { type Exchanged, exchange } from './exchange.ts';
import type { Cache } from './machine/cache.ts';
import { CookieJar } from './machine/cookie-jar.ts';
import { reachable } from './machine/delegation.ts';
import { Forwarding } from './machine/forwarding.ts';
import { Iteration, type Surroundings } from './machine/iteration.ts';
import { say } from './machine/notes.ts';
import { type Ask, failed, type Result, type Search } from './machine/result.ts';
import { ServerTimes } from './machine/servers.ts';
import { parseName } from './name.ts';
import { EDE } from './options.ts';
import type { ResolverOptions, SearchOptions } from './resolver-options.ts';
import type { Question } from './types.ts';

/** All that makes a resolver hard to deceive and to bring down, at the price of a plain walk. */
export const HARDENED: Partial<ResolverOptions> = {
  minimise: true,
  mixCase: true,
  cookies: true,
  wrongReplies: WRONG_REPLIES,
  serveStale: true,
  prefetch: true,
};

/** Carries out searches: sends what the machine asks for, one message at a time. */
export class Searcher {
  readonly servers: ServerTimes = new ServerTimes();
  private readonly host: Host;
  private readonly options: ResolverOptions;
  private readonly surroundings: Surroundings;
  private readonly cookies: CookieJar | undefined;

  constructor(host: Host, cache: Cache, options: ResolverOptions) {
    const ipv6 = host.address.includes(':');
    this.host = host;
    this.options = options;
    this.cookies = options.cookies ? new CookieJar((size) => host.random.bytes(size)) : undefined;
    this.surroundings = {
      cache,
      roots: options.hints
        .map(({ name, address }) => ({ name: parseName(name), address }))
        .filter(({ address }) => reachable(address, ipv6)),
      ipv6,
      minimise: options.minimise ?? false,
      cost: (address, now) => this.servers.cost(address, now),
    };
  }

  async run(question: Question, options: SearchOptions): Promise<Result> {
    const { clock } = this.host;
    const limit = this.options.timeoutMs ?? RESOLVE_TIMEOUT_MS;
    const deadline = clock.now() + limit;
    const search = this.search(question, options, clock.now());
    for (let first = true; ; first = false) {
      const now = clock.now();
      const step = search.step(now);
      if (step.kind === 'result') return step;
      if (now >= deadline) {
        return failed(`no answer was found within ${limit} ms`, EDE.NO_REACHABLE_AUTHORITY);
      }
      const why = first ? options.why : undefined;
      try {
        const reply = await this.send(
          why ? explained(step, why.text) : step,
          deadline - now,
          options,
        );
        options.onReply?.(reply, step);
        search.receive(reply.message, reply.server, clock.now());
      } catch (error) {
        if (!(error instanceof DnsError)) throw error;
        this.servers.failed(step.address, clock.now());
        const silent = hasCode(error, 'DNS_TIMEOUT');
        search.failed(silent ? 'did not answer in time' : 'could not be reached');
      }
    }
  }

  private search(question: Question, { anew }: SearchOptions, now: number): Search {
    const { forward } = this.options;
    if (forward) return new Forwarding(question, this.surroundings, forward, now, anew);
    return new Iteration(question, this.surroundings, undefined, anew);
  }

  private async send(step: Ask, left: number, options: SearchOptions): Promise<Exchanged> {
    const { host, servers } = this;
    const { address } = step;
    const { forward, mixCase, wrongReplies } = this.options;
    const server = { address, port: step.port ?? this.options.port ?? DNS_PORT };
    const timeoutMs = Math.min(left, servers.timeout(address, host.clock.now()));
    const note = { ...step.note, because: step.note.because ?? options.asker?.from };
    const reply = await exchange(host, server, step.question, {
      timeoutMs,
      recursionDesired: forward !== undefined,
      udpSize: this.options.udpSize ?? EDNS_SIZE,
      tcp: false,
      mixCase: mixCase === true && !servers.foldsCase(address),
      onFolded: () => servers.foundFolding(address),
      ...(this.cookies && { cookies: this.cookies }),
      ...(wrongReplies !== undefined && { wrongReplies }),
      onSocket: (local, transport, why) => {
        this.emit(local, server, transport, why ? { ...say.tcp(why), because: server } : note);
      },
    });
    servers.answered(address, reply.took, host.clock.now());
    return reply;
  }

  emit(
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

function explained(step: Ask, why: string): Ask {
  return { ...step, note: { ...step.note, text: `${why}. ${step.note.text}` } };
}
