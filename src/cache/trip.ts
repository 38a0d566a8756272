/** One request to the origin, and what becomes of its answer (RFC 9111 §3, §4.3, §4.4). */
import { type Response, statusPage } from '../http/index.ts';
import type { HeaderList } from '../lib/ordered-headers.ts';
import { calendar } from '../net/index.ts';
import { answerFrom, type Serving, servingOf } from './answers.ts';
import { type Asking, askingFor, askingHead, isCompleted, PLAIN } from './asking.ts';
import type { Flight, Landing } from './flights.ts';
import type { Found } from './lookup.ts';
import { lifetimeOf } from './machine/freshness.ts';
import { invalidated, sameOrigin } from './machine/invalidation.ts';
import { policyOf } from './machine/policy.ts';
import { insteadOfError } from './machine/reuse.ts';
import { whyNotStored } from './machine/storing.ts';
import { freshened, sameByHead } from './machine/validation.ts';
import { type Receiving, receive } from './receiving.ts';
import { relay } from './relay.ts';
import type { CacheShared, Inquiry, Reason, Trippable } from './shared.ts';
import type { Moments, StoredResponse } from './stored-response.ts';
import type { Decision, OriginAnswer } from './types.ts';
import { type CacheStatus, cacheStatus } from './wire/cache-status.ts';
import { endToEnd } from './wire/hop-by-hop.ts';
import { selectingKey, varyNames } from './wire/vary.ts';

export class Trip implements Trippable {
  readonly url: string;
  tainted = false;
  private readonly shared: CacheShared;
  private readonly inquiry: Inquiry;
  private readonly found: Found;
  private readonly reason: Reason;
  /** Others went on their own after they had waited for it in vain. */
  private readonly collapsed: boolean | undefined;

  constructor(
    shared: CacheShared,
    inquiry: Inquiry,
    found: Found,
    reason: Reason,
    collapsed?: boolean,
  ) {
    this.shared = shared;
    this.inquiry = inquiry;
    this.found = found;
    this.reason = reason;
    this.collapsed = collapsed;
    this.url = inquiry.url;
  }

  /** Asks, and answers the client; tells those who wait on `land` as soon as they can know. */
  async run(land: (landing: Landing) => void, flight?: Flight): Promise<Response> {
    this.shared.trips.add(this);
    this.note(`the origin is asked: ${this.reason.why}`, this.reason.spec);
    try {
      return await this.ask(askingFor(this.inquiry.request, this.found, this.now), land, flight);
    } catch (error) {
      land({ outcome: 'failed', error });
      throw error;
    } finally {
      this.shared.trips.delete(this);
    }
  }

  private async ask(
    asking: Asking,
    land: (landing: Landing) => void,
    flight: Flight | undefined,
  ): Promise<Response> {
    const requestedAt = this.now;
    const { forward, request, context } = this.inquiry;
    const abort = new AbortController();
    const left = (): void => {
      // Others may still wait for the answer.
      if (!flight?.waiting) abort.abort();
    };
    context?.signal.addEventListener('abort', left, { once: true });
    let answer: OriginAnswer;
    try {
      answer = await forward({
        head: askingHead(request, asking),
        body: request.body.length === 0 || !context ? undefined : request.body,
        signal: abort.signal,
        onInterim: context && ((head) => context.interim(head.status, endToEnd(head.headers))),
      });
    } catch (error) {
      land({ outcome: 'failed', error });
      return this.failed(error);
    } finally {
      context?.signal.removeEventListener('abort', left);
    }
    const moments = { requestedAt, receivedAt: this.now };
    const response = this.received(asking, answer, moments, land);
    // What could not be used for an answer is asked for once more, without conditions of ours.
    return response ?? this.ask(PLAIN, land, flight);
  }

  private get now(): number {
    return calendar(this.shared.host.clock);
  }

  /** Undefined when the answer can't be given to the client. */
  private received(
    asking: Asking,
    answer: OriginAnswer,
    moments: Moments,
    land: (landing: Landing) => void,
  ): Response | undefined {
    const { status } = answer.head;
    if (asking.kind === 'validate' && status === 304) {
      const { chosen, others } = asking;
      return this.validated([...(chosen ? [chosen] : []), ...others], answer, moments, land);
    }
    if (status >= 500 && status <= 504 && status !== 501) {
      const instead = this.instead('error', status);
      if (instead) {
        answer.body.cancel();
        land({ outcome: 'alone' });
        return instead;
      }
    }
    if (asking.kind === 'complete' && status !== 200) {
      const completes = isCompleted(asking.completes, answer.head) ? asking.completes : undefined;
      if (completes) return this.stored({ answer, completes }, moments, land);
      if (status === 206 || status === 416) {
        answer.body.cancel();
        return undefined;
      }
    }
    return this.fresh(answer, moments, land);
  }

  /** RFC 9111 §4.3.4. */
  private validated(
    candidates: readonly StoredResponse[],
    answer: OriginAnswer,
    moments: Moments,
    land: (landing: Landing) => void,
  ): Response | undefined {
    const { request } = this.inquiry;
    const { store, counters } = this.shared;
    const { chosen, update } = freshened(answer.head, candidates);
    const own = request.headers.has('If-None-Match') || request.headers.has('If-Modified-Since');
    // It is about what the client has, not about what is stored.
    if (own && update.length === 0) return this.passed(answer, undefined, land);
    if (!chosen) return undefined;
    for (const stored of update) {
      stored.update(answer.head, moments);
      store.resized(stored);
    }
    if (!update.includes(chosen)) chosen.revive(moments);
    land({ outcome: chosen.isFresh(this.now) ? 'stored' : 'alone' });
    counters.validated++;
    return this.answerWith(chosen, { ...this.forwarded(304), ttl: this.ttl(chosen) });
  }

  /** A whole answer of the origin's: stored if it may be, and given to the client. */
  private fresh(
    answer: OriginAnswer,
    moments: Moments,
    land: (landing: Landing) => void,
  ): Response {
    const { request, url } = this.inquiry;
    for (const doubtful of invalidated(url, request.method, answer.head)) this.invalidate(doubtful);
    if (request.method === 'HEAD') this.refreshByHead(answer, moments);
    const obstacle = this.whyNot(answer, moments);
    if (!obstacle) return this.stored({ answer }, moments, land);
    this.note(`not stored: ${obstacle.why}`, obstacle.spec);
    // What it replaces is not the origin's answer any more (RFC 9111 §4.3.3).
    if (request.method === 'GET' && answer.head.status < 500 && answer.head.status !== 206) {
      if (this.found.match && answer.head.status !== 304)
        this.shared.store.remove(this.found.match);
    }
    return this.passed(answer, obstacle, land);
  }

  private whyNot(answer: OriginAnswer, { receivedAt }: Moments): Decision | undefined {
    const { demands, url, request } = this.inquiry;
    const { head, body } = answer;
    const policy = policyOf(head.headers, this.shared.rules.targets);
    const lifetime = lifetimeOf(head.status, head.headers, policy, receivedAt);
    const asGet = this.readsAsGet(head.headers, lifetime.explicit);
    const seen = asGet ? { ...request, method: 'GET' } : request;
    const obstacle = whyNotStored(seen, demands, head, policy, lifetime);
    if (obstacle) return obstacle;
    if (this.reason.fwd === 'bypass') {
      return { word: this.reason.detail ?? 'bypass', why: this.reason.why, spec: this.reason.spec };
    }
    if (this.tainted) {
      const why = `${url} was changed while it was on its way`;
      return { word: 'invalidated', why, spec: 'RFC 9111 §4.4' };
    }
    if ((body.length ?? 0) <= this.shared.store.largest) return undefined;
    const why = `its ${body.length} bytes are more than one response may take`;
    return { word: 'too-large', why, spec: 'RFC 9111 §3' };
  }

  /** RFC 9110 §9.3.3: an answer to POST that is what GET would bring, and says how long. */
  private readsAsGet(headers: HeaderList, explicit: boolean): boolean {
    const { request, url } = this.inquiry;
    if (request.method !== 'POST' || !explicit) return false;
    return sameOrigin(url, headers.get('Content-Location')) === sameOrigin(url, url);
  }

  private stored(
    { answer, completes }: Pick<Receiving, 'answer' | 'completes'>,
    moments: Moments,
    land: (landing: Landing) => void,
  ): Response {
    const { headers: asked } = this.inquiry.request;
    const names = varyNames(answer.head.headers);
    const vary = names === '*' ? [] : names;
    const varyKey = selectingKey(asked, vary);
    const origin = { url: this.url, head: answer.head, moments, vary, varyKey };
    const { stored, body, error } = receive(this.shared, { origin, answer, completes });
    if (error) {
      land({ outcome: 'failed', error });
      return this.failed(error);
    }
    this.shared.counters.misses++;
    land({ outcome: stored.isFresh(this.now) ? 'stored' : 'alone' });
    const status = { ...this.forwarded(answer.head.status), ttl: this.ttl(stored), stored: true };
    if (this.inquiry.context?.signal.aborted) stored.fill?.unwanted();
    if (!completes) return this.response(answer, status, body);
    return { ...this.made(stored, { kind: 'whole' }, status), body };
  }

  /** On to the client, and nowhere else. */
  private passed(
    answer: OriginAnswer,
    obstacle: Decision | undefined,
    land: (landing: Landing) => void,
  ): Response {
    const { counters } = this.shared;
    if (this.reason.fwd === 'bypass' || this.reason.fwd === 'method') counters.passed++;
    else counters.misses++;
    land({ outcome: 'alone' });
    const { context } = this.inquiry;
    // Nobody is there to start it.
    if (!context || context.signal.aborted) answer.body.cancel();
    const detail = obstacle?.word ?? this.reason.detail;
    const status = { ...this.forwarded(answer.head.status), detail };
    const body = relay(answer.body, (bytes) => {
      counters.bytesFromOrigin += bytes;
    });
    return this.response(answer, status, body);
  }

  private response(
    { head }: OriginAnswer,
    status: CacheStatus,
    source: Response['body'],
  ): Response {
    const headers = endToEnd(head.headers).appended(
      'Cache-Status',
      cacheStatus(this.shared.name, status),
    );
    return {
      status: head.status,
      reason: head.reason,
      headers,
      ...(source === undefined ? {} : { body: source }),
    };
  }

  private forwarded(status: number): CacheStatus {
    const { fwd, detail } = this.reason;
    return { fwd, fwdStatus: status, detail, collapsed: this.collapsed };
  }

  private ttl(stored: StoredResponse): number {
    return (stored.lifetime - stored.age(this.now)) / 1000;
  }

  private answerWith(stored: StoredResponse, status: CacheStatus): Response | undefined {
    const serving = servingOf(stored, this.inquiry.request, this.now);
    return serving && this.made(stored, serving, status);
  }

  private made(stored: StoredResponse, serving: Serving, status: CacheStatus): Response {
    const { name, host } = this.shared;
    const making = { name, now: this.now, status, random: host.random };
    return answerFrom(stored, this.inquiry.request, serving, making);
  }

  /** A stale response in the place of an error (RFC 9111 §4.2.4, RFC 5861 §4). */
  private instead(failure: 'disconnected' | 'error', status?: number): Response | undefined {
    const { match } = this.found;
    const allowed =
      match && insteadOfError(match, match.age(this.now), this.inquiry.demands, failure);
    if (!match || !allowed) return undefined;
    const answer = this.answerWith(match, {
      ...(status === undefined ? {} : this.forwarded(status)),
      ttl: this.ttl(match),
      detail: allowed.word,
    });
    if (!answer) return undefined;
    this.note(allowed.why, allowed.spec);
    match.hits++;
    this.shared.counters.hits++;
    this.shared.counters.staleHits++;
    return answer;
  }

  /** There is no answer: what is stored may help, else the error goes on. */
  failed(error: unknown): Response {
    const instead = this.instead('disconnected');
    if (instead) return instead;
    this.shared.counters.misses++;
    const { match } = this.found;
    if (!match || match.isFresh(this.now)) throw error;
    // RFC 9111 §5.2.2.2: an error rather than what must not be used.
    const { policy } = match;
    if (!policy.mustRevalidate && !policy.proxyRevalidate) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const text = `What is stored must be validated first, and the origin gave no answer: ${why}`;
    return statusPage(504, text, { spec: 'RFC 9111 §5.2.2.2' });
  }

  private invalidate(url: string): void {
    const { store, growing, trips } = this.shared;
    const doubtful = [...store.get(url), ...growing.get(url)];
    for (const stored of doubtful) {
      stored.invalidate();
      if (!stored.headers.has('ETag') && !stored.headers.has('Last-Modified')) store.remove(stored);
    }
    for (const trip of trips) if (trip !== this && trip.url === url) trip.tainted = true;
    if (doubtful.length > 0) this.note(`${url} is invalidated`, 'RFC 9111 §4.4');
  }

  /** RFC 9111 §4.3.5. */
  private refreshByHead({ head }: OriginAnswer, moments: Moments): void {
    const { match } = this.found;
    if (!match || head.status !== 200) return;
    if (sameByHead(match, match.size, head)) {
      match.update(head, moments);
      this.shared.store.resized(match);
    } else match.invalidate();
  }

  private note(text: string, spec: string): void {
    if (this.shared.host.trace.on) this.inquiry.context?.note(text, spec);
  }
}
