/** Decides what is sent when: a queue for each destination, so many connections, each used again. */
import { announceSettled } from '../lib/deferred.ts';
import { hasCode } from '../lib/errors.ts';
import { calendar, type Host, type Timer } from '../net/index.ts';
import type { Caller } from './caller.ts';
import type { Directory } from './directory.ts';
import type { Ledger, Results } from './ledger.ts';
import type { LocalDelivery } from './local-delivery.ts';
import { attemptOf, type Verdict } from './machine/verdict.ts';
import { Site } from './site.ts';
import type { Outcome, QueuedMessage, RelayLimits } from './types.ts';

/** Recipients of one message that go the same way at the same time. */
export interface Job {
  readonly id: string;
  readonly positions: readonly number[];
  readonly site: Site;
  timer: Timer | undefined;
  isRunning: boolean;
}

export interface DispatcherOptions {
  readonly host: Host;
  readonly directory: Directory;
  readonly ledger: Ledger;
  readonly caller: Caller;
  readonly local: LocalDelivery;
  readonly limits: RelayLimits;
  readonly report: (error: unknown) => void;
}

/** Mail for mailboxes here that could not be delivered at once. */
const HERE = '';

/** A commit that failed (the disk is full): how long until it is tried again. */
const COMMIT_RETRY_MS = 60_000;

export class Dispatcher {
  private readonly with: DispatcherOptions;
  private readonly sites = new Map<string, Site>();
  private readonly jobs = new Map<string, Set<Job>>();
  /** Sites that wait for any connection to be free, in turn. */
  private readonly crowded = new Set<Site>();
  private active = 0;
  private readonly running = new Set<Promise<void>>();
  private isClosed = false;

  constructor(options: DispatcherOptions) {
    this.with = options;
  }

  /** Schedules the recipients of a message that wait and are not under way; `spread` overrules when. */
  plan(message: QueuedMessage, spread?: () => number): void {
    if (this.isClosed) return;
    const busy = new Set([...(this.jobs.get(message.id) ?? [])].flatMap((job) => job.positions));
    const now = calendar(this.with.host.clock);
    const groups = new Map<string, number[]>();
    for (const [position, { state, path, next }] of message.recipients.entries()) {
      if (state !== 'waiting' || busy.has(position)) continue;
      const key = `${spread ? '' : next} ${this.siteKey(path.domain)}`;
      groups.set(key, [...(groups.get(key) ?? []), position]);
    }
    for (const positions of groups.values()) {
      const first = message.recipients[positions[0] as number];
      if (!first) continue;
      const wait = spread ? spread() : first.next - now;
      const size = this.with.limits.recipientsPerMessage;
      for (let at = 0; at < positions.length; at += size) {
        this.schedule(message.id, positions.slice(at, at + size), first.path.domain, wait);
      }
    }
  }

  /** What waits for its time need not, of one message, of one domain, or of all. */
  hurry(which: { readonly id?: string; readonly domain?: string } = {}): void {
    this.with.caller.forgive();
    const key = which.domain === undefined ? undefined : this.siteKey(which.domain);
    for (const job of [...this.jobs.values()].flatMap((some) => [...some])) {
      if (which.id !== undefined && job.id !== which.id) continue;
      if (key !== undefined && job.site.key !== key) continue;
      if (job.timer) this.ready(job);
    }
  }

  /** Nothing of the message begins any more; what is under way ends by itself. */
  cancel(id: string): void {
    for (const job of [...(this.jobs.get(id) ?? [])]) {
      if (job.isRunning) continue;
      job.timer?.cancel();
      job.site.ready.delete(job);
      this.done(job);
    }
  }

  /** What is under way has so long to end; then its connections are broken off, and it waits for the next opening. */
  async close(graceMs: number): Promise<void> {
    const { host, caller } = this.with;
    this.isClosed = true;
    for (const id of [...this.jobs.keys()]) this.cancel(id);
    const timer = host.clock.setTimer(graceMs, () => caller.stop());
    await Promise.all(this.running);
    timer.cancel();
    await Promise.all([...this.sites.values()].map((site) => site.close()));
  }

  private siteKey(domain: string): string {
    const { directory, caller } = this.with;
    return directory.isLocal(domain) ? HERE : caller.destination(domain);
  }

  private schedule(id: string, positions: readonly number[], domain: string, wait: number): void {
    const key = this.siteKey(domain);
    const { host, limits } = this.with;
    const emptied = (): boolean => this.sites.delete(key);
    const site = this.sites.get(key) ?? new Site(key, host, limits, emptied);
    this.sites.set(key, site);
    site.jobs++;
    const job: Job = { id, positions, site, timer: undefined, isRunning: false };
    const others = this.jobs.get(id) ?? new Set();
    this.jobs.set(id, others.add(job));
    if (wait <= 0) this.ready(job);
    else job.timer = host.clock.setTimer(wait, () => this.ready(job));
  }

  private ready(job: Job): void {
    job.timer?.cancel();
    job.timer = undefined;
    job.site.ready.add(job);
    this.pump(job.site);
  }

  private pump(site: Site): void {
    const { perDestination, connections } = this.with.limits;
    for (const job of site.ready) {
      if (site.active >= perDestination) return;
      if (this.active >= connections) {
        this.crowded.add(site);
        return;
      }
      site.ready.delete(job);
      const run = this.run(job);
      this.running.add(run);
      void run.then(() => this.running.delete(run));
    }
  }

  private async run(job: Job): Promise<void> {
    const { site } = job;
    job.isRunning = true;
    site.active++;
    this.active++;
    announceSettled();
    const results = await this.attempt(job);
    site.active--;
    this.active--;
    this.pump(site);
    this.relieve();
    if (results) await this.settle(job, results);
    else this.done(job);
  }

  /** A place is free: the site that has waited longest has it. */
  private relieve(): void {
    for (const site of this.crowded) {
      if (this.active >= this.with.limits.connections) return;
      this.crowded.delete(site);
      this.pump(site);
    }
  }

  private async attempt(job: Job): Promise<Results | undefined> {
    const message = this.with.ledger.get(job.id);
    // What was held or taken out a moment ago stays.
    const isDue = (position: number): boolean => message?.recipients[position]?.state === 'waiting';
    const due = job.positions.filter(isDue);
    if (!message || due.length === 0 || this.isClosed) return undefined;
    try {
      if (job.site.key === HERE) return this.with.local.attempt(message, due);
      return await this.with.caller.attempt(job.site, message, due);
    } catch (error) {
      this.with.report(error);
      return this.all(job, FAILED);
    }
  }

  private async settle(job: Job, results: Results): Promise<void> {
    const { ledger, report } = this.with;
    try {
      const message = await ledger.settle(job.id, results);
      this.done(job);
      if (message) this.plan(message);
    } catch (error) {
      // A mailbox that has filled up meanwhile: its letter waits like any other.
      if (results.work && hasCode(error, 'MAIL_OVER_QUOTA')) {
        await this.settle(job, this.all(job, FULL));
        return;
      }
      report(error);
      this.later(job, results);
    }
  }

  /** What came of it is not on the disk: written again, not done again. */
  private later(job: Job, results: Results): void {
    this.with.host.clock.setTimer(COMMIT_RETRY_MS, () => {
      announceSettled();
      if (!this.isClosed) void this.settle(job, results);
    });
  }

  private all(job: Job, outcome: Outcome): Results {
    const attempt = attemptOf(outcome, '', Math.floor(calendar(this.with.host.clock)));
    const verdict: Verdict = { kind: 'deferred', attempt };
    return { verdicts: new Map(job.positions.map((position) => [position, verdict])) };
  }

  private done(job: Job): void {
    const { site, id } = job;
    const others = this.jobs.get(id);
    if (!others?.delete(job)) return;
    if (others.size === 0) this.jobs.delete(id);
    site.jobs--;
    if (site.isEmpty) this.sites.delete(site.key);
  }
}

const FAILED: Outcome = { code: 451, enhanced: '4.3.0', text: 'The relay failed' };
const FULL: Outcome = { code: 452, enhanced: '4.2.2', text: 'The mailbox is full' };
