import type { Endpoint } from '../../lib/endpoint.ts';
import type { Clock, Host } from '../../net/index.ts';
import { type SimHost, simulatedAuthority, World } from '../../net/sim/index.ts';
import { TraceBus } from '../../trace/index.ts';
import { type Ground, prefixOf, type Vouching } from '../ground.ts';
import type { HostPlan, Scenario } from '../scenario/types.ts';

/** Simulated runs begin on 1 January 2026. */
const EPOCH = Date.UTC(2026, 0, 1);

/** Simulated links under a virtual clock. */
export class SimGround implements Ground {
  readonly kind = 'simulated';
  readonly bus: TraceBus = new TraceBus();
  readonly world: World;
  readonly prefix: string;
  readonly portsNote = 'well-known ports: every simulated host has all of its own';
  private readonly scenario: Scenario;
  private readonly hosts = new Map<string, SimHost>();
  private readonly booted = new Map<string, Host>();

  /** `hash` computes the hash of the run though nobody records. */
  constructor(scenario: Scenario, seed: string, hash: boolean = true) {
    this.scenario = scenario;
    this.prefix = prefixOf(scenario);
    this.world = new World({ seed, epoch: EPOCH, trace: this.bus, hash });
  }

  get clock(): Pick<Clock, 'now' | 'epoch'> {
    const { world } = this;
    return { epoch: EPOCH, now: () => world.now };
  }

  async authority(): Promise<Vouching> {
    return simulatedAuthority(this.scenario.title);
  }

  raise(name: string, plan: HostPlan): Host {
    const known = this.hosts.get(name);
    if (known) this.world.restart(known);
    else this.hosts.set(name, this.build(name, plan));
    return this.booted.get(name) as Host;
  }

  /** Adds the host to the world; every start of it gives a new host to run on. */
  private build(name: string, plan: HostPlan): SimHost {
    const place = this.scenario.places[plan.place];
    const host = this.world.host(name, {
      address: plan.address,
      latency: (plan.latency ?? 0) + (place?.latency ?? 0),
      ...(plan.up !== undefined && { up: plan.up }),
      ...(plan.down !== undefined && { down: plan.down }),
    });
    host.onBoot((boot) => {
      this.booted.set(name, boot);
    });
    return host;
  }

  async fell(name: string): Promise<void> {
    const host = this.hosts.get(name);
    if (host) this.world.crash(host);
  }

  /** The links that the scenario describes; call it when all hosts were raised once. */
  connect(): void {
    for (const { between, ...link } of this.scenario.links ?? []) {
      const [a, b] = between.map((name) => this.hosts.get(name));
      if (a && b)
        this.world.link(
          a,
          b,
          Object.fromEntries(Object.entries(link).filter(([, value]) => value !== undefined)),
        );
    }
  }

  carrier(at: Endpoint): Endpoint {
    return at;
  }

  async close(): Promise<void> {
    for (const name of this.hosts.keys()) await this.fell(name);
  }
}
