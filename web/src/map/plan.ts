/** Where everything on the map is: places around the core, hosts in places, links as curves. */
import type { HostView, PlaceView } from '../../../src/internet/dashboard/api.ts';
import { curve, type Point, type Route } from './route.ts';
import { CARD_GAP, CARD_HEIGHT, type Measure, PAD, type Sized, Sizes } from './sizes.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Card extends Box {
  readonly label: string;
}

export interface PlacePlan {
  readonly id: string;
  readonly title: string;
  readonly box: Box;
  /** From its edge to the core. */
  readonly route: Route;
}

export interface MapPlan {
  readonly width: number;
  readonly height: number;
  readonly core: Box;
  readonly places: readonly PlacePlan[];
  readonly cards: ReadonlyMap<string, Card>;
}

const MARGIN = 12;
/** Room for the caption above the places. */
const TOP = 38;
const ROW_GAP = 10;
/** Where places stand below each other: the room for the links at their left. */
const SPINE = 22;
const LINK_LEAST = 24;
const LINK_MOST = 84;
export function planMap(
  places: readonly PlaceView[],
  hosts: readonly HostView[],
  width: number,
  measure: Measure,
): MapPlan {
  for (const short of [false, true]) {
    const sizes = new Sizes(hosts, measure, short);
    const plan = planWide(
      places.map((place) => sizes.place(place)),
      sizes,
      width,
    );
    if (plan) return plan;
  }
  const sizes = new Sizes(hosts, measure, true);
  const room = width - 2 * MARGIN - SPINE;
  return planStacked(
    places.map((place) => sizes.place(place, room)),
    sizes,
    width,
  );
}

interface Column {
  readonly items: readonly Sized[];
  readonly width: number;
  readonly height: number;
}

function columnsFrom(sized: readonly Sized[]): Column[] {
  const numbers = [...new Set(sized.map(({ place }) => place.column))].sort((a, b) => a - b);
  return numbers.map((number) => {
    const items = sized
      .filter(({ place }) => place.column === number)
      .sort((a, b) => a.place.row - b.place.row);
    return {
      items,
      width: Math.max(...items.map((item) => item.width)),
      height: sum(items.map((item) => item.height)) + ROW_GAP * (items.length - 1),
    };
  });
}

/** Columns side by side with the core between two of them; undefined when there is no room. */
function planWide(sized: readonly Sized[], sizes: Sizes, width: number): MapPlan | undefined {
  const columns = columnsFrom(sized);
  const used = sum(columns.map((column) => column.width)) + sizes.core.width + 2 * MARGIN;
  const free = (width - used) / columns.length;
  if (free < LINK_LEAST) return undefined;
  const gap = Math.min(LINK_MOST, free);
  const height = Math.max(...columns.map((column) => column.height)) + TOP + MARGIN;
  const split = splitAt(columns);
  let x = (width - (used - 2 * MARGIN) - gap * columns.length) / 2;
  const lefts: number[] = [];
  let coreX = x;
  for (const [index, column] of columns.entries()) {
    lefts.push(x);
    x += column.width + gap;
    if (index !== split) continue;
    coreX = x;
    x += sizes.core.width + gap;
  }
  const core = {
    ...sizes.core,
    x: coreX,
    y: TOP + (height - TOP - MARGIN - sizes.core.height) / 2,
  };
  const boxes = columns.map((column, index) => placeBoxes(column, lefts[index] ?? 0, height));
  const outline = columns.map((column, index) => ({
    left: lefts[index] ?? 0,
    right: (lefts[index] ?? 0) + column.width,
    boxes: boxes[index] ?? [],
  }));
  const cards = new Map<string, Card>();
  const places = columns.flatMap((column, index) =>
    column.items.map((item, row) => {
      const box = boxes[index]?.[row] as Box;
      addCards(cards, item, box);
      const between =
        index <= split
          ? outline.slice(index + 1, split + 1)
          : outline.slice(split + 1, index).reverse();
      return {
        id: item.place.id,
        title: item.place.title,
        box,
        route: routeOf(box, core, between),
      };
    }),
  );
  return { width, height, core, places, cards };
}

/** After which column the core stands, so that the two sides weigh about the same. */
function splitAt(columns: readonly Column[]): number {
  const total = sum(columns.map((column) => column.width));
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  let left = 0;
  for (const [index, column] of columns.entries()) {
    left += column.width;
    const difference = Math.abs(total - 2 * left);
    if (difference >= least) continue;
    best = index;
    least = difference;
  }
  return best;
}

function placeBoxes(column: Column, x: number, height: number): Box[] {
  const spare = height - TOP - MARGIN - column.height;
  const gap = ROW_GAP + spare / (column.items.length + 1);
  let y = TOP + gap - ROW_GAP;
  return column.items.map((item) => {
    const box = { x, y, width: column.width, height: item.height };
    y += item.height + gap;
    return box;
  });
}

function addCards(cards: Map<string, Card>, item: Sized, box: Box): void {
  const { perRow } = item;
  const width = (box.width - 2 * PAD - (perRow - 1) * CARD_GAP) / perRow;
  for (const [index, host] of item.hosts.entries()) {
    cards.set(host.name, {
      x: box.x + PAD + (index % perRow) * (width + CARD_GAP),
      y: box.y + PAD + Math.floor(index / perRow) * (CARD_HEIGHT + CARD_GAP),
      width,
      height: CARD_HEIGHT,
      label: item.labels[index] ?? host.name,
    });
  }
}

interface Outline {
  readonly left: number;
  readonly right: number;
  readonly boxes: readonly Box[];
}

/** From a place to the core; columns between them are passed through the gaps between their boxes. */
function routeOf(box: Box, core: Box, between: readonly Outline[]): Route {
  const rightward = box.x < core.x;
  const start: Point = { x: rightward ? box.x + box.width : box.x, y: box.y + box.height / 2 };
  const end: Point = {
    x: rightward ? core.x : core.x + core.width,
    y: core.y + core.height / 2,
  };
  const points = between.flatMap((column) => {
    const y = nearestGap(column.boxes, start.y);
    const [near, far] = rightward ? [column.left, column.right] : [column.right, column.left];
    return [
      { x: near, y },
      { x: far, y },
    ];
  });
  return curve([start, ...points, end]);
}

function nearestGap(boxes: readonly Box[], y: number): number {
  const gaps = boxes.map((box, index) => {
    const next = boxes[index + 1];
    return next ? (box.y + box.height + next.y) / 2 : box.y + box.height + ROW_GAP / 2;
  });
  const first = boxes[0];
  if (first) gaps.push(first.y - ROW_GAP / 2);
  return gaps.reduce(
    (best, gap) => (Math.abs(gap - y) < Math.abs(best - y) ? gap : best),
    gaps[0] ?? y,
  );
}

/** One place below the other, with the links in a line at the left: for narrow windows. */
function planStacked(sized: readonly Sized[], sizes: Sizes, width: number): MapPlan {
  const core = { ...sizes.core, x: MARGIN, y: TOP };
  const left = MARGIN + SPINE;
  const spine = MARGIN + 8;
  const cards = new Map<string, Card>();
  let y = TOP + core.height + ROW_GAP;
  const order = [...sized].sort(
    (a, b) => a.place.column - b.place.column || a.place.row - b.place.row,
  );
  const places = order.map((item) => {
    const box = { x: left, y, width: width - left - MARGIN, height: item.height };
    y += item.height + ROW_GAP;
    addCards(cards, item, box);
    const middle = box.y + box.height / 2;
    const route = curve([
      { x: left, y: middle },
      { x: spine, y: middle - 8 },
      { x: spine, y: core.y + core.height },
    ]);
    return { id: item.place.id, title: item.place.title, box, route };
  });
  return { width, height: y + MARGIN - ROW_GAP, core, places, cards };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
