/**
 * A simulated internet under a virtual clock. One seed, one run: what its hosts say, lose and decide
 * is the same every time.
 */
import type { Address, Endpoint } from '../../lib/endpoint.ts';
import { AppError, UsageError } from '../../lib/errors.ts';
import { SILENT, type TraceSink } from '../../trace/types.ts';
import { seededRandom } from '../random.ts';
import type { Datagram, Random } from '../types.ts';
import { resetBetween } from './connection.ts';
import { Fabric } from './fabric.ts';
import { SimHost, type SimHostOptions } from './host.ts';
import { type AccessOptions, Machine } from './machine.ts';
import { netstat } from './netstat.ts';
import type { LinkOptions, Path } from './path.ts';
import { Recorder } from './recorder.ts';
import { Runner } from './runner.ts';
import { forge } from './udp.ts';

export interface WorldOptions {
  readonly seed: number | string;
  /** What the calendar says at the start, in milliseconds since 1970; default: 1 January 2026. */
  readonly epoch?: number;
  readonly trace?: TraceSink;
  /** Computes `hash` though nobody traces. */
  readonly hash?: boolean;
  /** While the world runs, Math.random, Date.now, setTimeout and setInterval throw. */
  readonly strict?: boolean;
  /** How promises are run between events; `turns` is the way of browsers, slower and with the same order. */
  readonly drain?: 'now' | 'turns';
}

/** A host by itself or by its name. */
export type Which = SimHost | string;

const NEVER = Number.POSITIVE_INFINITY;

export class World {
  readonly seed: string;
  private readonly epoch: number;
  private readonly random: Random;
  private readonly recorder: Recorder;
  private readonly fabric: Fabric;
  private readonly runner: Runner;
  private readonly hosts = new Map<string, SimHost>();
  private given = 0;

  constructor(options: WorldOptions) {
    this.seed = String(options.seed);
    this.epoch = options.epoch ?? Date.UTC(2026, 0, 1);
    this.random = seededRandom(this.seed);
    this.recorder = new Recorder(options.trace ?? SILENT, options.hash ?? false);
    this.fabric = new Fabric(this.recorder);
    this.runner = new Runner(this.fabric.loop, {
      strict: options.strict ?? false,
      drain: options.drain ?? 'now',
      explain: (error) => this.explain(error),
    });
  }

  /** Milliseconds since the start. */
  get now(): number {
    return this.fabric.loop.now;
  }

  /** How many events have happened. */
  get events(): number {
    return this.fabric.loop.events;
  }

  /** Of everything recorded so far; only with `hash` or a trace that listens. */
  get hash(): string {
    return this.recorder.hash;
  }

  /** Adds a host. Its luck depends on the seed and its name alone. */
  host(name: string, options: SimHostOptions = {}): SimHost {
    if (this.hosts.has(name)) throw new UsageError(`there is a host ${name} already`);
    const { address = this.freeAddress() } = options;
    const addresses = typeof address === 'string' ? [address] : address;
    if (addresses.length === 0) throw new UsageError(`host ${name} needs an address`);
    for (const one of addresses) {
      const other = this.fabric.machines.get(one);
      if (other) throw new UsageError(`address ${one} belongs to host ${other.name} already`);
    }
    const random = this.random.fork(name);
    const machine = new Machine(name, addresses, random, options);
    for (const one of addresses) this.fabric.machines.set(one, machine);
    const failed = (error: unknown) => this.runner.fail(error);
    const host = new SimHost(this.fabric, machine, { epoch: this.epoch, random, failed });
    this.hosts.set(name, host);
    return host;
  }

  /** Sets how the way between two hosts is, in both directions. */
  link(a: Which, b: Which, link: LinkOptions): void {
    this.fabric.setLink(this.machine(a), this.machine(b), link);
    this.fabric.setLink(this.machine(b), this.machine(a), link);
  }

  /** Sets how all ways are that have no link of their own. */
  links(link: LinkOptions): void {
    this.fabric.setDefaultLink(link);
  }

  /** Loses everything between two hosts, or only from the first to the second, until `repair`. */
  partition(a: Which, b: Which, options: { oneWay?: boolean } = {}): void {
    for (const path of this.ways(a, b, options.oneWay)) path.partition();
  }

  repair(a: Which, b: Which, options: { oneWay?: boolean } = {}): void {
    for (const path of this.ways(a, b, options.oneWay)) path.repair();
  }

  /** Keeps everything between two hosts under way until `release`. */
  hold(a: Which, b: Which, options: { oneWay?: boolean } = {}): void {
    for (const path of this.ways(a, b, options.oneWay)) path.hold();
  }

  release(a: Which, b: Which, options: { oneWay?: boolean } = {}): void {
    for (const path of this.ways(a, b, options.oneWay)) path.release();
  }

  /** Resets all connections between two hosts, as a box on the way may do. */
  reset(a: Which, b: Which): void {
    resetBetween(this.machine(a), this.machine(b));
  }

  /** Changes a host's access while the world runs. */
  slow(which: Which, access: AccessOptions): void {
    this.fabric.setAccess(this.machine(which), access);
  }

  /**
   * Sends a datagram from a host that claims to come from elsewhere, as networks without filters
   * (RFC 2827) let it: what blind spoofers and reflected floods are made of.
   */
  forge(which: Which, datagram: Datagram, to: Endpoint): void {
    forge(this.fabric, this.machine(which), datagram, to);
  }

  crash(which: Which, options: { keepUnsynced?: boolean } = {}): void {
    this.find(which).crash(options);
  }

  restart(which: Which): void {
    this.find(which).restart();
  }

  /** Runs until nothing is left to happen, or until the promise is settled, whose value it gives. */
  async run(): Promise<void>;
  async run<T>(promise: Promise<T>): Promise<T>;
  async run<T>(promise?: Promise<T>): Promise<T | undefined> {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    promise?.then(settle, settle);
    const reached = await this.start({ until: NEVER, done: () => settled });
    if (promise && !reached) throw this.hang();
    return promise;
  }

  /** Runs until a time, or until the predicate, asked after each event, says so. */
  async runUntil(goal: number | (() => boolean)): Promise<void> {
    if (typeof goal === 'number') {
      await this.start({ until: goal, done: () => false });
    } else if (!(await this.start({ until: NEVER, done: goal }))) {
      throw this.hang();
    }
  }

  /** Lets one event happen; false when there was none. */
  async step(): Promise<boolean> {
    const next = this.events + 1;
    return this.start({ until: NEVER, done: () => this.events >= next });
  }

  /** All sockets with their states and what they hold. */
  netstat(): string {
    return netstat(this.fabric);
  }

  private start(goal: { until: number; done(): boolean }): Promise<boolean> {
    if (this.runner.isRunning) throw new UsageError('the world runs already: await its run first');
    return this.runner.run(goal);
  }

  private ways(a: Which, b: Which, oneWay = false): Path[] {
    const [from, to] = [this.machine(a), this.machine(b)];
    const there = this.fabric.path(from, to);
    return oneWay ? [there] : [there, this.fabric.path(to, from)];
  }

  private machine(which: Which): Machine {
    return this.find(which).machine;
  }

  private find(which: Which): SimHost {
    const host = this.hosts.get(typeof which === 'string' ? which : which.name);
    if (!host)
      throw new UsageError(`there is no host ${typeof which === 'string' ? which : which.name}`);
    return host;
  }

  private freeAddress(): Address {
    for (;;) {
      const number = ++this.given;
      const last = number % 256;
      const address = `10.0.${Math.floor(number / 256)}.${last}`;
      // .0 and .255 are good addresses in a /16, and people doubt them.
      if (last !== 0 && last !== 255 && !this.fabric.machines.has(address)) return address;
    }
  }

  private hang(): AppError {
    const message = `nothing is left to happen, and what the run waits for has not (seed ${this.seed}, at ${this.now} ms)`;
    return new AppError('SIM_HANG', `${message}\n${this.netstat()}`);
  }

  private explain(cause: unknown): AppError {
    const told = cause instanceof Error ? cause.message : String(cause);
    const where = `seed ${this.seed}, at ${this.now} ms, host ${this.fabric.active || 'none'}`;
    return new AppError('SIM_THREW', `${told} (${where})`, { cause });
  }
}
