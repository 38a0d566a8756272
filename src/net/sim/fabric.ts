/** What all parts of one world share: time, flows, the ways between hosts, and the record. */
import type { Address, Endpoint } from '../../lib/endpoint.ts';
import type { TraceEvent, Transport } from '../../trace/types.ts';
import { Flows } from './flows.ts';
import { Loop } from './loop.ts';
import type { AccessOptions, Machine } from './machine.ts';
import { type LinkOptions, Path } from './path.ts';
import type { Recorder } from './recorder.ts';

export class Fabric {
  readonly loop: Loop = new Loop();
  readonly flows: Flows = new Flows(this.loop);
  readonly recorder: Recorder;
  readonly machines: Map<Address, Machine> = new Map();
  /** For all pairs that have no link of their own. */
  defaultLink: LinkOptions = {};
  /** The host whose code ran last: named when it throws. */
  active = '';
  private readonly paths = new Map<Machine, Map<Machine, Path>>();
  private readonly own = new Set<Path>();

  constructor(recorder: Recorder) {
    this.recorder = recorder;
  }

  path(from: Machine, to: Machine): Path {
    const ways = this.paths.get(from) ?? new Map<Machine, Path>();
    const known = ways.get(to);
    if (known) return known;
    const path = new Path(this.loop, from, to, this.defaultLink);
    ways.set(to, path);
    this.paths.set(from, ways);
    return path;
  }

  setLink(from: Machine, to: Machine, link: LinkOptions): void {
    const path = this.path(from, to);
    path.link = { ...path.link, ...link };
    this.own.add(path);
  }

  setDefaultLink(link: LinkOptions): void {
    this.defaultLink = { ...this.defaultLink, ...link };
    for (const path of this.allPaths()) if (!this.own.has(path)) path.link = this.defaultLink;
  }

  allPaths(): Path[] {
    return [...this.paths.values()].flatMap((ways) => [...ways.values()]);
  }

  setAccess(machine: Machine, access: AccessOptions): void {
    machine.setAccess(access);
    this.flows.sharing.changed(machine.up);
    this.flows.sharing.changed(machine.down);
    this.flows.settleLater();
  }

  /** Tells the trace; callers test `recorder.on` first. */
  record(
    machine: Machine,
    kind: TraceEvent['kind'],
    transport: Transport,
    from: Endpoint,
    to: Endpoint,
    what: Pick<TraceEvent, 'bytes' | 'text'> = {},
  ): void {
    const at = this.loop.now;
    this.recorder.emit({ kind, at, host: machine.name, transport, from, to, ...what });
  }
}
