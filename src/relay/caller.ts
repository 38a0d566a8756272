/** Takes a message to the next hop that will have it: hosts by preference, each of their addresses in turn. */
import { type Endpoint, endpointText } from '../lib/endpoint.ts';
import { AppError, hasCode, NetworkError } from '../lib/errors.ts';
import { calendar, type Host } from '../net/index.ts';
import { enhancedOf, SMTP_PORT, type SmtpClientOptions, SmtpReplyError } from '../smtp/index.ts';
import { broken, Carrier, type CarrierOptions } from './carrier.ts';
import { ADDRESSES_LIMIT, DEAD_HOST_MS, DEAD_HOSTS_LIMIT } from './defaults.ts';
import type { Events } from './events.ts';
import type { Results } from './ledger.ts';
import { attemptOf, refused } from './machine/verdict.ts';
import { type Hop, NoRoute, type RouteFinder } from './route-finder.ts';
import type { Site } from './site.ts';
import type { Attempt, Outcome, QueuedMessage, RelayStore, Smarthost } from './types.ts';

export interface CallerOptions {
  readonly host: Host;
  readonly store: RelayStore;
  readonly routes: RouteFinder;
  readonly events: Events;
  readonly client: SmtpClientOptions;
  readonly smarthost: Smarthost | undefined;
  readonly port: number | undefined;
}

export class Caller {
  private readonly with: CallerOptions;
  private readonly port: number;
  private readonly carrying: CarrierOptions;
  private readonly stopping = new AbortController();
  /** Addresses that did not answer, and until when they are left alone. */
  private readonly dead = new Map<string, number>();

  constructor(options: CallerOptions) {
    const { host, client, smarthost, port } = options;
    this.with = options;
    this.port = smarthost?.port ?? port ?? SMTP_PORT;
    this.carrying = { host, client: { ...client, signal: this.stopping.signal }, smarthost };
  }

  /** Breaks off all that is under way. */
  stop(): void {
    this.stopping.abort();
  }

  /** What mail for a domain has in common with other mail: its next hop. */
  destination(domain: string): string {
    return (this.with.smarthost?.host ?? domain).toLowerCase();
  }

  /** Hosts that did not answer may be tried again. */
  forgive(): void {
    this.dead.clear();
  }

  async attempt(
    site: Site,
    message: QueuedMessage,
    positions: readonly number[],
  ): Promise<Results> {
    const pieces = () => this.with.store.contentPieces(message.content);
    const load = { message, positions, pieces };
    const tries: Attempt[] = [];
    try {
      for await (const carrier of this.carriers(site, message, tries)) {
        this.with.events.emit('sending', message, { remote: carrier.remote });
        const sent = await carrier.send(load);
        if ('unsent' in sent) {
          carrier.close();
          tries.push(sent.unsent);
          continue;
        }
        site.give(carrier);
        return { verdicts: sent };
      }
    } catch (error) {
      if (!(error instanceof NoRoute)) throw error;
      tries.unshift(this.own(error.outcome));
    }
    const verdict = refused(summary(tries) ?? this.own(NOBODY_ANSWERS));
    return { verdicts: new Map(positions.map((position) => [position, verdict])) };
  }

  /** Connections, one after the other, until one has taken the message: first those that are open. */
  private async *carriers(
    site: Site,
    message: QueuedMessage,
    tries: Attempt[],
  ): AsyncGenerator<Carrier> {
    for (let open = site.take(); open; open = site.take()) yield open;
    let tried = 0;
    for await (const hop of this.with.routes.hops(site.key)) {
      if (tried >= ADDRESSES_LIMIT || this.stopping.signal.aborted) break;
      const to = { address: hop.address, port: this.port };
      if (this.isDead(to)) {
        tries.push(this.own(leftAlone(hop, to)));
        continue;
      }
      tried++;
      this.with.events.emit('connecting', message, { remote: hop.name });
      const carrier = await this.open(to, hop, tries);
      if (carrier) yield carrier;
    }
  }

  private async open(to: Endpoint, hop: Hop, tries: Attempt[]): Promise<Carrier | undefined> {
    try {
      return await Carrier.open(this.carrying, to, hop.name);
    } catch (error) {
      if (error instanceof SmtpReplyError) {
        tries.push(attemptOf(enhancedOf(error.answer), hop.name, this.now()));
        return undefined;
      }
      if (!(error instanceof AppError)) throw error;
      if (isSilent(error)) this.bury(to);
      tries.push(this.own(wrong(to, hop, error)));
      return undefined;
    }
  }

  private isDead(to: Endpoint): boolean {
    return (this.dead.get(endpointText(to)) ?? 0) > this.with.host.clock.now();
  }

  private bury(to: Endpoint): void {
    const key = endpointText(to);
    this.dead.delete(key);
    this.dead.set(key, this.with.host.clock.now() + DEAD_HOST_MS);
    if (this.dead.size <= DEAD_HOSTS_LIMIT) return;
    for (const oldest of this.dead.keys()) {
      this.dead.delete(oldest);
      return;
    }
  }

  private own(outcome: Outcome): Attempt {
    return attemptOf(outcome, '', this.now());
  }

  private now(): number {
    return Math.floor(calendar(this.with.host.clock));
  }
}

/** For good only where all hosts have said so (RFC 5321 §5.1, RFC 7504). */
function summary(tries: readonly Attempt[]): Attempt | undefined {
  return tries.findLast(({ code }) => code < 500) ?? tries.at(-1);
}

function isSilent(error: AppError): boolean {
  return error instanceof NetworkError && /^(?:refused|unreachable|timeout)$/.test(error.kind);
}

function leftAlone({ name }: Hop, to: Endpoint): Outcome {
  const text = `${name} (${endpointText(to)}) did not answer a moment ago`;
  return { code: 451, enhanced: '4.4.1', text };
}

/** RFC 3463 §3.8 for what is wrong with TLS and signing in. */
function wrong(to: Endpoint, { name }: Hop, error: AppError): Outcome {
  const { code, enhanced, text } = broken(to, error);
  const named = { code, text: `${name}: ${text}` };
  if (hasCode(error, 'SMTP_NOT_OFFERED')) return { ...named, enhanced: '4.7.4' };
  if (hasCode(error, 'NET_INSECURE')) return { ...named, enhanced: '4.7.5' };
  if (hasCode(error, 'NET_NOT_PERMITTED')) return { ...named, enhanced: '4.7.0' };
  return { ...named, ...(enhanced !== undefined && { enhanced }) };
}

const NOBODY_ANSWERS: Outcome = { code: 451, enhanced: '4.4.1', text: 'No host could be tried' };
