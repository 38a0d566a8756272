/** One response as the cache keeps it. */
import { type Response, type ResponseHead, reasonFor } from '../http/index.ts';
import type { HeaderList } from '../lib/ordered-headers.ts';
import { ENTRY_OVERHEAD } from './defaults.ts';
import type { Fill } from './fill.ts';
import { dateOf, initialAge, lifetimeOf, type MalformedAge } from './machine/freshness.ts';
import { type Policy, policyOf } from './machine/policy.ts';
import { sizeOf, wholeOf } from './machine/segments.ts';
import { storedFields, updatedFields } from './machine/updating.ts';
import type { EntryView, Segment } from './types.ts';
import { cacheTags } from './wire/tags.ts';

/** When a request was sent and its answer came, by the calendar. */
export interface Moments {
  readonly requestedAt: number;
  readonly receivedAt: number;
}

export interface Rules {
  readonly targets: readonly string[];
  readonly malformedAge: MalformedAge;
}

export interface Origin {
  readonly url: string;
  readonly head: ResponseHead;
  readonly moments: Moments;
  /** The lower-case names of its Vary, and what they said in the request. */
  readonly vary: readonly string[];
  readonly varyKey: string;
}

export class StoredResponse {
  readonly url: string;
  readonly status: number;
  readonly reason: string;
  readonly vary: readonly string[];
  readonly varyKey: string;
  readonly storedAt: number;
  headers: HeaderList;
  policy: Policy;
  /** Milliseconds. */
  lifetime = 0;
  lifetimeFrom = '';
  date = 0;
  invalid = false;
  /** Purged while it was being received: it is not to be stored. */
  doomed = false;
  hits = 0;
  /** Used since the store last looked for something to let go. */
  visited = false;
  /** Bytes that the store counts for it. */
  counted = 0;
  segments: readonly Segment[] = [];
  /** Bytes of the whole representation, where that is known. */
  size: number | undefined;
  /** While the body is being received. */
  fill: Fill | undefined;
  /** The answer of this second, and until when it may be given. */
  ready: Response | undefined;
  readyUntil: number = Number.NEGATIVE_INFINITY;
  private readonly rules: Rules;
  /** The calendar's time at which its age was zero. */
  private bornAt = 0;

  constructor({ url, head, moments, vary, varyKey }: Origin, rules: Rules) {
    this.url = url;
    // A part is kept as an incomplete 200 (RFC 9111 §3.3).
    this.status = head.status === 206 ? 200 : head.status;
    this.reason = head.status === 206 ? reasonFor(200) : head.reason;
    this.vary = vary;
    this.varyKey = varyKey;
    this.rules = rules;
    this.storedAt = moments.receivedAt;
    this.policy = policyOf(head.headers, rules.targets);
    const fields = storedFields(head.headers, this.policy.withheld, moments.receivedAt);
    this.headers = head.status === 206 ? fields.without('Content-Range') : fields;
    this.judge(head.headers, moments);
  }

  /** Milliseconds (RFC 9111 §4.2.3). */
  age(now: number): number {
    return now - this.bornAt;
  }

  isFresh(now: number): boolean {
    return !this.invalid && !this.policy.noCache && this.age(now) < this.lifetime;
  }

  /** All of the body, where it is here. */
  get whole(): Uint8Array | undefined {
    return wholeOf(this.segments, this.size);
  }

  get tags(): readonly string[] {
    return cacheTags(this.headers);
  }

  /** Bytes in memory, as nearly as can be told. */
  get bytes(): number {
    let head = this.url.length + this.varyKey.length;
    for (const [name, value] of this.headers) head += name.length + value.length;
    return ENTRY_OVERHEAD + head + sizeOf(this.segments);
  }

  /** Takes over the fields of a newer head, and counts its age from there (RFC 9111 §4.3.4). */
  update(head: Pick<ResponseHead, 'headers'>, moments: Moments): void {
    const { withheld } = policyOf(head.headers, this.rules.targets);
    this.headers = updatedFields(this.headers, head.headers, [
      ...this.policy.withheld,
      ...withheld,
    ]);
    if (!head.headers.has('Date')) {
      this.headers = storedFields(this.headers.without('Date'), [], moments.receivedAt);
    }
    this.policy = policyOf(this.headers, this.rules.targets);
    const age = head.headers.get('Age');
    this.judge(age === undefined ? this.headers : this.headers.with('Age', age), moments);
  }

  /** The origin says that it is still good, and nothing else that could be taken over. */
  revive(moments: Moments): void {
    this.bornAt = moments.requestedAt;
    this.renewed();
  }

  private judge(headers: HeaderList, { requestedAt, receivedAt }: Moments): void {
    const age = initialAge(headers, requestedAt, receivedAt, this.rules.malformedAge);
    const lifetime = lifetimeOf(this.status, headers, this.policy, receivedAt);
    this.bornAt = receivedAt - age;
    this.lifetime = lifetime.ms;
    this.lifetimeFrom = lifetime.from;
    this.date = dateOf(headers, receivedAt);
    this.renewed();
  }

  private renewed(): void {
    this.invalid = false;
    this.readyUntil = Number.NEGATIVE_INFINITY;
  }

  /** It must be validated before its next use, whatever its age. */
  invalidate(): void {
    this.invalid = true;
    this.readyUntil = Number.NEGATIVE_INFINITY;
  }

  /** When the Age that is said now changes, or the response is no longer fresh. */
  sameUntil(now: number): number {
    const next = this.bornAt + (Math.floor(this.age(now) / 1000) + 1) * 1000;
    return Math.min(next, this.bornAt + this.lifetime);
  }

  view(now: number): EntryView {
    return {
      url: this.url,
      vary: this.varyKey.replaceAll('\0', '-'),
      status: this.status,
      type: this.headers.get('Content-Type'),
      size: this.bytes,
      complete: this.whole !== undefined,
      storedAt: this.storedAt,
      age: Math.floor(this.age(now) / 1000),
      lifetime: Math.floor(this.lifetime / 1000),
      freshFor: Math.floor((this.lifetime - this.age(now)) / 1000),
      invalid: this.invalid,
      hits: this.hits,
      tags: this.tags,
    };
  }
}
