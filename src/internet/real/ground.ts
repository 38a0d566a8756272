import type { Endpoint } from '../../lib/endpoint.ts';
import type { Clock, Host } from '../../net/index.ts';
import { type MemoryFiles, memoryFiles, seededRandom } from '../../net/index.ts';
import { type RealClock, type RealHost, realClock, realHost } from '../../net/real/index.ts';
import { TraceBus, type Transport } from '../../trace/index.ts';
import type { Ground } from '../ground.ts';
import type { HostPlan } from '../scenario/types.ts';
import type { Claim } from './claim.ts';

/** The machine's own sockets, within a claimed network. With a seed, its hosts' luck is decided. */
export class RealGround implements Ground {
  readonly kind = 'real';
  readonly bus: TraceBus = new TraceBus();
  readonly clock: Pick<Clock, 'now' | 'epoch'>;
  private readonly shared: RealClock = realClock();
  private readonly claim: Claim;
  private readonly seed: string | undefined;
  private readonly hosts = new Map<string, RealHost>();
  /** Disks outlive the machines' being switched off. */
  private readonly disks = new Map<string, MemoryFiles>();

  constructor(claim: Claim, seed?: string) {
    this.claim = claim;
    this.seed = seed;
    this.clock = this.shared;
  }

  get prefix(): string {
    return this.claim.prefix;
  }

  get portsNote(): string {
    return this.claim.note;
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
