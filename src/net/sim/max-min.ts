/**
 * Max-min fair sharing of access links by flows, kept exact as flows come and go. Each link keeps a
 * level: the rate at which the flows that nothing else holds back share what the others leave. A
 * flow's rate is the least of the levels on its way and its own cap. When a level changes, only the
 * links at the other end of flows that feel it are solved again, until nothing changes
 * (Charny, Clark, Jain: Congestion control with explicit rate indication, 1995).
 */

/** Levels that differ by less are equal; a looser bound can make the relaxation go round in circles. */
const EPSILON = 1e-9;

/** Solves of links for each link that is there, before the relaxation gives way to a full filling. */
const PATIENCE = 50;

const NEVER = Number.POSITIVE_INFINITY;

/** One direction of a host's access: bytes a millisecond shared by flows. */
export class Link {
  capacity: number;
  level: number = NEVER;
  dirty = false;
  readonly flows: Flow[] = [];

  constructor(capacity: number) {
    this.capacity = capacity;
  }
}

/** Bytes under way over one or two links. */
export class Flow {
  readonly up: Link | undefined;
  readonly down: Link | undefined;
  /** Its own limit, apart from the links. */
  cap: number = NEVER;
  /** Bytes a millisecond, as of the last `settle`. */
  rate = 0;
  touched = false;
  active = false;
  upIndex = 0;
  downIndex = 0;

  constructor(up: Link | undefined, down: Link | undefined) {
    this.up = up;
    this.down = down;
  }
}

/** The rates of all flows that share links. */
export class Sharing {
  /** How many links were solved so far: what the work costs. */
  solves = 0;
  /** How often the full filling had to help. */
  fillings = 0;
  private readonly links = new Set<Link>();
  private queue: Link[] = [];
  private touched: Flow[] = [];

  add(flow: Flow): void {
    flow.active = true;
    if (flow.up) flow.upIndex = this.join(flow.up, flow);
    if (flow.down) flow.downIndex = this.join(flow.down, flow);
    this.touch(flow);
  }

  remove(flow: Flow): void {
    flow.active = false;
    if (flow.up) this.leave(flow.up, flow.upIndex);
    if (flow.down) this.leave(flow.down, flow.downIndex);
  }

  /** Call after the capacity of a link, or the cap of a flow, was changed. */
  changed(link: Link | undefined): void {
    if (link && !link.dirty) {
      link.dirty = true;
      this.queue.push(link);
    }
  }

  capChanged(flow: Flow): void {
    this.touch(flow);
    this.changed(flow.up);
    this.changed(flow.down);
  }

  /** Makes all rates right again; gives each active flow whose rate is new to `changed`, the new rate not yet set. */
  settle(changed: (flow: Flow, rate: number) => void): void {
    const limit = this.solves + PATIENCE * (this.links.size + 10);
    const { queue } = this;
    for (let i = 0; i < queue.length; i++) {
      if (this.solves > limit) {
        this.fill();
        break;
      }
      const link = queue[i] as Link;
      link.dirty = false;
      this.solve(link);
    }
    queue.length = 0;
    const { touched } = this;
    this.touched = [];
    for (const flow of touched) {
      flow.touched = false;
      const rate = rateOf(flow);
      if (flow.active && rate !== flow.rate) changed(flow, rate);
    }
  }

  private join(link: Link, flow: Flow): number {
    if (link.flows.length === 0) this.links.add(link);
    this.changed(link);
    return link.flows.push(flow) - 1;
  }

  private leave(link: Link, index: number): void {
    const last = link.flows.pop() as Flow;
    if (index < link.flows.length) {
      link.flows[index] = last;
      if (last.up === link) last.upIndex = index;
      else last.downIndex = index;
    }
    if (link.flows.length === 0) this.links.delete(link);
    this.changed(link);
  }

  private touch(flow: Flow): void {
    if (flow.touched) return;
    flow.touched = true;
    this.touched.push(flow);
  }

  private solve(link: Link): void {
    this.solves++;
    const old = link.level;
    const level = levelOf(link);
    if (level === old || Math.abs(level - old) <= EPSILON * Math.min(level, old)) return;
    link.level = level;
    for (const flow of link.flows) {
      this.touch(flow);
      const other = flow.up === link ? flow.down : flow.up;
      // The other end feels it only where this end holds the flow back more than it does itself.
      if (other && (old < other.level || level < other.level)) this.changed(other);
    }
  }

  /** Progressive filling from nothing: exact, and slow. */
  private fill(): void {
    this.fillings++;
    for (const link of this.queue) link.dirty = false;
    fillLevels([...this.links]);
    for (const link of this.links) for (const flow of link.flows) this.touch(flow);
  }
}

function rateOf(flow: Flow): number {
  return Math.min(flow.cap, flow.up ? flow.up.level : NEVER, flow.down ? flow.down.level : NEVER);
}

/** What holds a flow back besides this link. */
function elsewhere(flow: Flow, link: Link): number {
  const other = flow.up === link ? flow.down : flow.up;
  return other && other.level < flow.cap ? other.level : flow.cap;
}

/** The level at which the flows, each at most at its limit elsewhere, fill the link; infinite when they can't. */
function levelOf(link: Link): number {
  const { flows, capacity } = link;
  let level = capacity / flows.length;
  for (;;) {
    let left = capacity;
    let sharing = 0;
    for (let i = 0; i < flows.length; i++) {
      const limit = elsewhere(flows[i] as Flow, link);
      if (limit < level) left -= limit;
      else sharing++;
    }
    if (sharing === 0) return NEVER;
    const next = left / sharing;
    // The level only rises; what rounding takes from it is the end.
    if (!(next > level)) return level;
    level = next;
  }
}

/** Sets the level of every link by progressive filling: the tightest link first, then what is left for the others. */
export function fillLevels(links: readonly Link[]): void {
  const left = new Map(links.map((link) => [link, link.capacity]));
  const open = new Map(links.map((link) => [link, new Set(link.flows)]));
  const fix = (flow: Flow, rate: number) => {
    for (const link of [flow.up, flow.down]) {
      if (!link || !open.get(link)?.delete(flow)) continue;
      left.set(link, (left.get(link) ?? 0) - rate);
    }
  };
  const capped = new Set(links.flatMap((link) => link.flows).filter((flow) => flow.cap < NEVER));
  for (const link of links) link.level = NEVER;
  for (;;) {
    const [tightest, share] = tightestOf(left, open);
    const first = [...capped].reduce<Flow | undefined>(lower, undefined);
    if (first && first.cap <= share) {
      capped.delete(first);
      fix(first, first.cap);
    } else if (tightest) {
      tightest.level = share;
      for (const flow of open.get(tightest) ?? []) {
        capped.delete(flow);
        fix(flow, share);
      }
    } else return;
  }
}

function lower(a: Flow | undefined, b: Flow): Flow {
  return a && a.cap <= b.cap ? a : b;
}

/** The link whose open flows get least, and how much. */
function tightestOf(
  left: ReadonlyMap<Link, number>,
  open: ReadonlyMap<Link, ReadonlySet<Flow>>,
): [Link | undefined, number] {
  let share = NEVER;
  let tightest: Link | undefined;
  for (const [link, flows] of open) {
    const fair = (left.get(link) ?? 0) / flows.size;
    if (flows.size > 0 && fair < share) [share, tightest] = [fair, link];
  }
  return [tightest, share];
}
