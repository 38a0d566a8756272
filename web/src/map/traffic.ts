/** Messages on their way: a dot for each, moved slowly enough to be seen. */
import type { MessageLine } from '../../../src/trace/message.ts';
import type { Box, MapPlan, PlacePlan } from './plan.ts';
import { type Point, pathOf, type Route, reversed, straight } from './route.ts';

/** How long a dot is on its way, and how long after the one before it starts, in ms. */
const TRAVEL_MS = 850;
const APART_MS = 110;

/** More at once would be a crowd, not a story. */
const DOTS_MOST = 36;

/** In a calm page a link is lit this long, in ms. */
const LIT_MS = 900;

export class Traffic {
  private readonly layer: HTMLElement;
  private readonly links: ReadonlyMap<string, SVGElement>;
  private readonly plan: MapPlan;
  private readonly placeOf: ReadonlyMap<string, string>;
  private readonly calm: boolean;
  private nextStart = 0;
  private count = 0;

  constructor(options: {
    layer: HTMLElement;
    links: ReadonlyMap<string, SVGElement>;
    plan: MapPlan;
    placeOf: ReadonlyMap<string, string>;
    calm: boolean;
  }) {
    this.layer = options.layer;
    this.links = options.links;
    this.plan = options.plan;
    this.placeOf = options.placeOf;
    this.calm = options.calm;
  }

  show(messages: readonly MessageLine[]): void {
    for (const message of messages) {
      if (this.calm) this.light(message);
      else if (this.count < DOTS_MOST) this.send(message);
    }
  }

  private send(message: MessageLine): void {
    const path = this.path(message.from, message.to);
    if (path === undefined) return;
    const now = performance.now();
    const start = Math.max(now, this.nextStart);
    this.nextStart = start + APART_MS;
    const dot = document.createElement('i');
    dot.className = `dot p-${message.protocol}${message.role === 'reply' ? ' reply' : ''}`;
    dot.style.offsetPath = `path('${path}')`;
    this.layer.append(dot);
    this.count++;
    const half = message.lost === undefined ? '100%' : '50%';
    const moving = dot.animate(
      [
        { offsetDistance: '0%', opacity: 0 },
        { opacity: 1, offset: 0.08 },
        { opacity: 1, offset: 0.9 },
        { offsetDistance: half, opacity: 0 },
      ],
      { duration: TRAVEL_MS, delay: start - now, easing: 'ease-in-out', fill: 'both' },
    );
    moving.onfinish = () => {
      dot.remove();
      this.count--;
    };
  }

  private light(message: MessageLine): void {
    for (const host of [message.from, message.to]) {
      const link = this.links.get(this.placeOf.get(host) ?? '');
      link?.animate([{ stroke: `var(--${message.protocol}, var(--focus))` }, {}], {
        duration: LIT_MS,
        easing: 'step-end',
      });
    }
  }

  private path(from: string, to: string): string | undefined {
    const start = this.plan.cards.get(from);
    const end = this.plan.cards.get(to);
    if (!start || !end) return undefined;
    const [home, away] = [this.place(from), this.place(to)];
    if (!home || !away || home === away) return pathOf([straight(middle(start), middle(end))]);
    return pathOf([outward(start, home), ...through(this.plan.core), reversed(outward(end, away))]);
  }

  private place(host: string): PlacePlan | undefined {
    const id = this.placeOf.get(host);
    return this.plan.places.find((place) => place.id === id);
  }
}

/** From a host, over the edge of its place, to the core. */
function outward(card: Box, place: PlacePlan): Route {
  const [edge] = place.route.points;
  const start = middle(card);
  return {
    points: [start, ...place.route.points],
    handles: [[start, edge ?? start], ...place.route.handles],
  };
}

function through(core: Box): Route[] {
  const centre = middle(core);
  return [{ points: [centre], handles: [] }];
}

function middle({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 };
}
