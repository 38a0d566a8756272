/**
 * The resolver's algorithm (RFC 1034 §5.3.3) as steps without a network: `step` says whom to ask
 * what, or the result; `receive` and `failed` take what came of it.
 */
import type { Address, Endpoint } from '../../lib/endpoint.ts';
import {
  ADDRESS_TRIES,
  CNAME_LIMIT,
  GLUELESS_LIMIT,
  LOOKUP_DEPTH,
  WORK_LIMIT,
} from '../defaults.ts';
import { isWithin, nameKey, plainName, sameName } from '../name.ts';
import { EDE } from '../options.ts';
import type { CnameRecord, Message, Name, Question, RecordType, ResourceRecord } from '../types.ts';
import { type Cached, type CacheView, type Denial, RANK } from './cache.ts';
import {
  addressesIn,
  type Delegation,
  follow,
  keep,
  type NameServer,
  nearestDelegation,
  ownServersIn,
  type RootHint,
} from './delegation.ts';
import { Exposure } from './minimise.ts';
import { type Note, say } from './notes.ts';
import { type Ask, failed, type Result, result, type Search, type Step } from './result.ts';
import { judge, type Verdict } from './verdict.ts';

/** What all iterations of one resolver share. */
export interface Surroundings {
  readonly cache: CacheView;
  readonly roots: readonly RootHint[];
  /** Asks servers at IPv6 addresses instead of IPv4. */
  readonly ipv6: boolean;
  /** Shows each server only as much of the name as it needs (RFC 9156). */
  readonly minimise?: boolean;
  /** What asking an address is expected to cost: the cheapest is asked first. */
  readonly cost: (address: Address, now: number) => number;
}

/** What an iteration and those that it starts for names of servers have in common. */
interface Work {
  left: number;
  /** Names of servers that are being looked up, from the outermost to the innermost. */
  readonly pending: readonly string[];
}

interface Child {
  readonly iteration: Iteration;
  readonly server: NameServer;
}

export class Iteration implements Search {
  private readonly surroundings: Surroundings;
  private readonly work: Work;
  private readonly question: Question;
  private readonly anew: boolean;
  private name: Name;
  private readonly aliases: CnameRecord[] = [];
  private at: Delegation | undefined;
  private exposure: Exposure;
  private readonly tries = new Map<Address, number>();
  private readonly lookedUp = new Set<string>();
  private child: Child | undefined;
  private asking: Ask | undefined;
  private result: Result | undefined;
  private asked = false;
  private why: Note | undefined;
  private because: Endpoint | undefined;
  private lastFailure = 'no server could be asked';

  /** `anew` passes over what the cache has of the question itself. */
  constructor(question: Question, surroundings: Surroundings, work?: Work, anew = false) {
    this.question = question;
    this.anew = anew;
    this.name = question.name;
    this.surroundings = surroundings;
    this.exposure = new Exposure(this.name, '.', false);
    this.work = work ?? { left: WORK_LIMIT, pending: [] };
  }

  /** What to do next. Called again only after `receive` or `failed`. */
  step(now: number): Step {
    for (;;) {
      if (this.result) return this.result;
      const ask = this.child ? this.childStep(this.child, now) : this.ownStep(now);
      if (ask) return ask;
    }
  }

  /** Takes the reply to what `step` asked. */
  receive(reply: Message, source: Endpoint, now: number): void {
    if (this.child) {
      this.child.iteration.receive(reply, source, now);
      return;
    }
    const { asking, at } = this;
    if (!asking || !at) return;
    this.because = source;
    this.keepServers(reply, at.zone, source, now);
    this.take(judge(reply, asking.question, at.zone), asking, source, now);
  }

  /** A zone's own word on its servers counts more than its parent's (RFC 2181 §5.4.1). */
  private keepServers(reply: Message, zone: Name, source: Endpoint, now: number): void {
    if (!reply.authoritative || reply.rcode !== 'NOERROR' || zone === '.') return;
    const own = ownServersIn(reply, zone);
    if (own) keep(own, RANK.authority, this.surroundings.cache, source, now);
  }

  /** Takes that nothing came back; `text` says why, as in "did not answer within 800 ms". */
  failed(text: string): void {
    if (this.child) {
      this.child.iteration.failed(text);
      return;
    }
    if (!this.asking) return;
    this.lastFailure = `${plainName(this.asking.server)} (${this.asking.address}) ${text}`;
    this.why = say.failed(this.asking.server, text);
  }

  private get current(): Question {
    return sameName(this.name, this.question.name)
      ? this.question
      : { ...this.question, name: this.name };
  }

  private childStep(child: Child, now: number): Ask | undefined {
    const step = child.iteration.step(now);
    if (step.kind === 'ask') return step;
    const { ipv6 } = this.surroundings;
    const last = step.answers.at(-1);
    child.server.addresses = last ? addressesIn(step.answers, last.name, ipv6) : [];
    this.child = undefined;
    if (child.server.addresses.length > 0) this.why = say.found(child.server.name);
    else this.lastFailure = `no address was found for the name server ${child.server.name}`;
    return undefined;
  }

  private ownStep(now: number): Ask | undefined {
    if (!this.at) {
      if (this.fromCache(now)) return undefined;
      const { cache, roots, ipv6 } = this.surroundings;
      this.goTo(nearestDelegation(this.name, cache, roots, ipv6, now));
    }
    const { at } = this;
    if (!at) return undefined;
    this.why ??= say.start(this.current, at);
    if (this.work.left <= 0)
      return this.fail(`more than ${WORK_LIMIT} messages for one question`, EDE.OTHER);
    const best = this.cheapest(at, now);
    if (best) return this.ask(best, at);
    if (this.lookUpServer(at)) return undefined;
    if (!this.exposure.isWhole) {
      this.exposure.reveal();
      this.tries.clear();
      return undefined;
    }
    return this.fail(this.lastFailure);
  }

  private goTo(at: Delegation): void {
    this.at = at;
    this.exposure = new Exposure(this.name, at.zone, this.surroundings.minimise ?? false);
    this.tries.clear();
    this.lookedUp.clear();
  }

  /** The question for a part of the name hides the type too (RFC 9156 §2.1). */
  private get shown(): Question {
    if (this.exposure.isWhole) return this.current;
    return { name: this.exposure.name, type: 'A', class: this.question.class };
  }

  private ask(best: Candidate, { zone }: Delegation): Ask {
    const { server, address } = best;
    this.work.left--;
    this.asked = true;
    this.tries.set(address, best.tries + 1);
    const note = say.asks(this.why, server.name, this.because);
    this.why = undefined;
    this.asking = { kind: 'ask', server: server.name, address, zone, question: this.shown, note };
    return this.asking;
  }

  private cheapest(at: Delegation, now: number): Candidate | undefined {
    let best: Candidate | undefined;
    for (const server of at.servers) {
      for (const address of server.addresses) {
        const tries = this.tries.get(address) ?? 0;
        if (tries >= ADDRESS_TRIES) continue;
        const cost = this.surroundings.cost(address, now);
        if (!best || tries < best.tries || (tries === best.tries && cost < best.cost)) {
          best = { server, address, tries, cost };
        }
      }
    }
    return best;
  }

  /** Begins to look up the address of a server whose name alone is known. */
  private lookUpServer(at: Delegation): boolean {
    const { pending } = this.work;
    if (this.lookedUp.size >= GLUELESS_LIMIT || pending.length >= LOOKUP_DEPTH) return false;
    for (const server of at.servers) {
      const key = nameKey(server.name);
      if (server.addresses.length > 0 || this.lookedUp.has(key) || pending.includes(key)) continue;
      // Below the zone that it serves, a name can't be found without glue.
      if (isWithin(server.name, at.zone)) continue;
      this.lookedUp.add(key);
      const type: RecordType = this.surroundings.ipv6 ? 'AAAA' : 'A';
      const question: Question = { name: server.name, type, class: this.question.class };
      const { work } = this;
      const iteration = new Iteration(question, this.surroundings, {
        get left() {
          return work.left;
        },
        set left(left) {
          work.left = left;
        },
        pending: [...pending, key],
      });
      iteration.why = say.glueless(at.zone, server.name);
      iteration.because = this.because;
      this.child = { iteration, server };
      return true;
    }
    return false;
  }

  private fromCache(now: number): boolean {
    const { cache } = this.surroundings;
    const { name, question } = this;
    if (question.type === 'ANY' || question.type === 'AXFR' || question.type === 'IXFR') {
      return false;
    }
    if (this.anew && this.aliases.length === 0) return false;
    const known = cache.get(name, question.type, now);
    if (known) {
      if (known.denial) this.deny(known.denial, known.records, known);
      else this.finish(known.records, known);
      return true;
    }
    const alias = cache.get(name, 'CNAME', now)?.records[0];
    if (alias?.type !== 'CNAME') return false;
    this.goOnWith([alias], alias.target);
    return true;
  }

  private take(verdict: Verdict, asking: Ask, source: Endpoint, now: number): void {
    const { cache, ipv6 } = this.surroundings;
    if (!this.exposure.isWhole && 'aliases' in verdict) {
      // No zone begins here, whatever the answer is: on with more labels (RFC 9156 §3, 6c and 6d).
      this.exposure.advance();
      this.tries.delete(asking.address);
      this.why = say.sameZone(asking.server, asking.zone);
      return;
    }
    if ('aliases' in verdict) {
      for (const alias of verdict.aliases) cache.put([alias], RANK.answer, source, now);
    }
    switch (verdict.kind) {
      case 'answer':
        if (this.question.type !== 'ANY') cache.put(verdict.records, RANK.answer, source, now);
        this.aliases.push(...verdict.aliases);
        this.finish(verdict.records);
        break;
      case 'alias':
        this.goOnWith(verdict.aliases, verdict.name);
        break;
      case 'denial': {
        const { denial, name, soa } = verdict;
        const type = this.question.type as RecordType;
        if (soa) cache.deny(denial, name, type, soa, source, now);
        this.aliases.push(...verdict.aliases);
        this.deny(denial, soa ? [{ ...soa, ttl: Math.min(soa.ttl, soa.minimum) }] : []);
        break;
      }
      case 'referral':
        this.goTo(follow(verdict.referral, cache, ipv6, source, now));
        this.why = say.referred(asking.server, verdict.referral.zone);
        break;
      case 'useless':
        this.tries.set(asking.address, ADDRESS_TRIES);
        this.lastFailure = `${plainName(asking.server)} (${asking.address}) ${verdict.text}`;
        this.why = say.useless(asking.server, verdict.text, verdict.spec);
    }
  }

  private goOnWith(aliases: readonly CnameRecord[], name: Name): void {
    this.aliases.push(...aliases);
    const first = aliases[0];
    this.at = undefined;
    this.name = name;
    if (this.aliases.length > CNAME_LIMIT) {
      const text = `more than ${CNAME_LIMIT} aliases, the last of them to ${plainName(name)}`;
      this.fail(text, EDE.INVALID_DATA);
    } else if (first) this.why = say.alias(first.name, name);
  }

  private finish(records: readonly ResourceRecord[], known?: Cached): void {
    this.end({ rcode: 'NOERROR', answers: [...this.aliases, ...records] }, known);
  }

  private deny(denial: Denial, soa: readonly ResourceRecord[], known?: Cached): void {
    const rcode = denial === 'nxdomain' ? 'NXDOMAIN' : 'NOERROR';
    this.end({ rcode, answers: this.aliases, authorities: soa }, known);
  }

  private end(parts: Partial<Result>, known?: Cached): void {
    const cached = this.asked ? undefined : known;
    this.result = result({ ...parts, cached });
  }

  private fail(failure: string, code: number = EDE.NO_REACHABLE_AUTHORITY): undefined {
    this.result = failed(failure, code);
  }
}

interface Candidate {
  readonly server: NameServer;
  readonly address: Address;
  readonly tries: number;
  readonly cost: number;
}
