/**
 * Max-min fair sharing of access links by flows, kept exact as flows come and go. Each link keeps a
 * level: the rate at which the flows that nothing else holds back share what the others leave. A
 * flow's rate is the least of the levels on its way. When a level changes, only the
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
  /** For each flow the link at its other end; beside `flows`, because the solving reads little else. */
  readonly others: Link[] = [];

  constructor(capacity: number) {
    this.capacity = capacity;
  }
}

/** The other end of a flow over one link. */
const NOWHERE = new Link(NEVER);

/** Bytes under way over one or two links. */
export class Flow {
  readonly up: Link | undefined;
  readonly down: Link | undefined;
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
  private readonly patience: number;

  /** `patience`: solves of links, for each link there is, before a full filling takes over. */
  constructor(patience: number = PATIENCE) {
    this.patience = patience;
  }

  add(flow: Flow): void {
    flow.active = true;
    if (flow.up) flow.upIndex = this.join(flow.up, flow, flow.down);
    if (flow.down) flow.downIndex = this.join(flow.down, flow, flow.up);
    this.touch(flow);
  }

  remove(flow: Flow): void {
    flow.active = false;
    if (flow.up) this.leave(flow.up, flow.upIndex);
    if (flow.down) this.leave(flow.down, flow.downIndex);
  }

  /** Call after the capacity of a link was changed. */
  changed(link: Link | undefined): void {
    if (link && !link.dirty) {
      link.dirty = true;
      this.queue.push(link);
    }
  }

  /** Makes all rates right again; gives each active flow whose rate is new to `changed`, the new rate not yet set. */
  settle(changed: (flow: Flow, rate: number) => void): void {
    const limit = this.solves + this.patience * (this.links.size + 10);
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

  private join(link: Link, flow: Flow, other: Link = NOWHERE): number {
    if (link.flows.length === 0) this.links.add(link);
    this.changed(link);
    link.others.push(other);
    return link.flows.push(flow) - 1;
  }

  private leave(link: Link, index: number): void {
    const last = link.flows.pop() as Flow;
    const lastOther = link.others.pop() as Link;
    if (index < link.flows.length) {
      link.flows[index] = last;
      link.others[index] = lastOther;
      if (last.up === link) last.upIndex = index;
      else last.downIndex = index;
    }
    if (link.flows.length === 0) this.links.delete(link);
    // A link with room for all has it still.
    if (link.level !== NEVER) this.changed(link);
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
    this.spread(link, old < level ? old : level, level > old);
  }

  /** A level was, or is now, at `least`: so may be the rates of its flows, and the levels at their other ends. */
  private spread(link: Link, least: number, risen: boolean): void {
    const { flows, others } = link;
    for (let i = 0; i < others.length; i++) {
      const other = others[i] as Link;
      // The other end feels it only where this end holds the flow back more than it does itself.
      if (least >= other.level) continue;
      this.touch(flows[i] as Flow);
      // And a link with room for all still has it when one of them gets less.
      if (other !== NOWHERE && (risen || other.level !== NEVER)) this.changed(other);
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
  return Math.min(flow.up ? flow.up.level : NEVER, flow.down ? flow.down.level : NEVER);
}

/** What holds each flow of a link back besides the link itself; kept to be used again. */
let limits = new Float64Array(64);

function readLimits(link: Link): void {
  const { others } = link;
  if (others.length > limits.length) limits = new Float64Array(2 * others.length);
  for (let i = 0; i < others.length; i++) limits[i] = (others[i] as Link).level;
}

/** The level at which the flows, each at most at its limit elsewhere, fill the link; infinite when they can't. */
function levelOf(link: Link): number {
  const { capacity, flows } = link;
  readLimits(link);
  // What the flows take is concave in the level: a Newton step from anywhere ends at or below the root,
  // and the steps from there only rise. From the old level it is mostly one.
  let level = shareAt(link.level, capacity, flows.length);
  if (level === NEVER) level = capacity / flows.length;
  for (;;) {
    const next = shareAt(level, capacity, flows.length);
    if (next === NEVER) return NEVER;
    if (!(next > level)) return level;
    level = next;
  }
}

/** What the flows that would take more than `level` get each, when the others have what they can use. */
function shareAt(level: number, capacity: number, count: number): number {
  let left = capacity;
  let sharing = 0;
  for (let i = 0; i < count; i++) {
    const limit = limits[i] as number;
    if (limit < level) left -= limit;
    else sharing++;
  }
  return sharing === 0 ? NEVER : left / sharing;
}

/** Sets the level of every link by progressive filling: the tightest link first, then what is left for the others. */
export function fillLevels(links: readonly Link[]): void {
  const left = new Map(links.map((link) => [link, link.capacity]));
  const open = new Map(links.map((link) => [link, new Set(link.flows)]));
  for (const link of links) link.level = NEVER;
  for (;;) {
    const [tightest, share] = tightestOf(left, open);
    if (!tightest) return;
    tightest.level = share;
    for (const flow of open.get(tightest) ?? []) {
      for (const link of [flow.up, flow.down]) {
        if (link && open.get(link)?.delete(flow)) left.set(link, (left.get(link) ?? 0) - share);
      }
    }
  }
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
