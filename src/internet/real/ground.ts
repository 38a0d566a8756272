import type { Endpoint } from '../../lib/endpoint.ts';
import type { Clock, Host } from '../../net/index.ts';
import { type MemoryFiles, memoryFiles, seededRandom } from '../../net/index.ts';
import { type RealClock, type RealHost, realClock, realHost } from '../../net/real/index.ts';
import { TraceBus, type Transport } from '../../trace/index.ts';
import type { Ground, Vouching } from '../ground.ts';
import type { HostPlan } from '../scenario/types.ts';
import type { Claim } from './claim.ts';

export interface RealGroundOptions {
  /** Decides the luck of all hosts. */
  readonly seed?: string;
  /** Signs certificates; without it no TLS is spoken. */
  readonly authority?: () => Promise<Vouching>;
}

/** The machine's own sockets, within a claimed network. */
export class RealGround implements Ground {
  readonly kind = 'real';
  readonly bus: TraceBus = new TraceBus();
  readonly clock: Pick<Clock, 'now' | 'epoch'>;
  private readonly shared: RealClock = realClock();
  private readonly claim: Claim;
  private readonly seed: string | undefined;
  private readonly vouching: (() => Promise<Vouching>) | undefined;
  private readonly hosts = new Map<string, RealHost>();
  /** Disks outlive the machines' being switched off. */
  private readonly disks = new Map<string, MemoryFiles>();

  constructor(claim: Claim, options: RealGroundOptions = {}) {
    this.claim = claim;
    this.seed = options.seed;
    this.vouching = options.authority;
    this.clock = this.shared;
  }

  get prefix(): string {
    return this.claim.prefix;
  }

  get portsNote(): string {
    return this.claim.note;
  }

  async authority(): Promise<Vouching | undefined> {
    return this.vouching?.();
  }

  raise(name: string, plan: HostPlan): Host {
    const disk = this.disks.get(name) ?? memoryFiles(this.shared);
    this.disks.set(name, disk);
    const host = realHost({
      files: disk,
      name,
      address: plan.address,
      trace: this.bus,
      clock: this.shared,
      ports: this.claim.ports,
      ...(this.seed !== undefined && { random: seededRandom(this.seed).fork(name) }),
    });
    this.hosts.set(name, host);
    return host;
  }

  async fell(name: string): Promise<void> {
    await this.hosts.get(name)?.close();
    this.disks.get(name)?.crash();
    this.hosts.delete(name);
  }

  carrier(at: Endpoint, transport: Transport): Endpoint {
    return this.claim.ports.toReal(at, transport);
  }

  async close(): Promise<void> {
    await Promise.all([...this.hosts.keys()].map((name) => this.fell(name)));
    await this.claim.release();
  }
}
