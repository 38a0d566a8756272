import type { Address } from '../../lib/endpoint.ts';
import type { TraceSink } from '../../trace/types.ts';
import { type MemoryFiles, memoryFiles } from '../memory-files.ts';
import type { Clock, Files, Host, Network, Random } from '../types.ts';
import { Boot } from './boot.ts';
import type { Fabric } from './fabric.ts';
import type { Machine, MachineOptions } from './machine.ts';

export interface SimHostOptions extends MachineOptions {
  /** One or several; default: the next free one of 10.0.0.0/16. */
  readonly address?: Address | readonly Address[];
}

/** What a host runs when it starts: serve, open, read its disk. It is given the host of that boot. */
export type BootProgram = (host: Host) => void | Promise<void>;

/**
 * A host of a simulated world. It may crash and start again: code that shall not outlive a crash takes
 * the host that `onBoot` gives it.
 */
export class SimHost implements Host {
  readonly name: string;
  readonly address: Address;
  readonly addresses: readonly Address[];
  readonly random: Random;
  readonly trace: TraceSink;
  /** The disk itself, which outlives crashes. */
  readonly disk: MemoryFiles;
  /** The host as the network sees it. */
  readonly machine: Machine;
  private readonly fabric: Fabric;
  private readonly epoch: number;
  private readonly programs: BootProgram[] = [];
  private readonly failed: (error: unknown) => void;
  private boot: Boot;

  constructor(
    fabric: Fabric,
    machine: Machine,
    world: { epoch: number; random: Random; failed: (error: unknown) => void },
  ) {
    this.fabric = fabric;
    this.machine = machine;
    this.epoch = world.epoch;
    this.failed = world.failed;
    this.name = machine.name;
    this.address = machine.address;
    this.addresses = machine.addresses;
    this.random = world.random;
    this.trace = fabric.recorder;
    const { epoch } = world;
    const diskClock = { epoch, now: () => fabric.loop.now };
    this.disk = memoryFiles(diskClock);
    this.boot = this.newBoot();
  }

  get network(): Network {
    return this.boot.network;
  }

  get clock(): Clock {
    return this.boot.clock;
  }

  get files(): Files {
    return this.boot.files;
  }

  get running(): boolean {
    return this.machine.running;
  }

  /** Runs now, and again after each restart. */
  onBoot(program: BootProgram): void {
    this.programs.push(program);
    if (this.running) this.start(program);
  }

  /** Everything that runs or is open is gone, without a word to anybody. */
  crash(options: { keepUnsynced?: boolean } = {}): void {
    if (!this.running) return;
    this.boot.end();
    this.machine.crash();
    this.disk.crash(options);
  }

  restart(): void {
    if (this.running) this.crash();
    this.machine.running = true;
    this.boot = this.newBoot();
    for (const program of this.programs) this.start(program);
  }

  private newBoot(): Boot {
    const { epoch, random, disk } = this;
    return new Boot(this.fabric, this.machine, { epoch, random, files: disk });
  }

  private start(program: BootProgram): void {
    this.fabric.active = this.name;
    const started = program(this.boot);
    started?.catch(this.failed);
  }
}
