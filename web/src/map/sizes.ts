/** How large places and cards are, by the names that stand on them. */
import type { HostView, PlaceView } from '../../../src/internet/dashboard/api.ts';
import { texts } from '../texts.ts';

/** The width of a text on a card, in pixels. */
export type Measure = (text: string) => number;

/** What stands beside the name on a card: its lamp, and the edges. */
const BESIDE = 30;

export const CARD_HEIGHT = 27;
export const CARD_GAP = 6;
/** Between the edge of a place and its cards. */
export const PAD = 9;
/** The name of a place, below its cards. */
const TITLE = 17;
/** More than this many hosts in a place stand in three columns. */
const THREE_COLUMNS = 9;

/** A place with what it will need. */
export interface Sized {
  readonly place: PlaceView;
  readonly hosts: readonly HostView[];
  readonly labels: readonly string[];
  readonly perRow: number;
  readonly width: number;
  readonly height: number;
}

/** `www` is enough in the place `campus.edu`; the host is `www.campus`. */
function shortName(host: HostView, place: PlaceView): string {
  const tail = `.${place.id}`;
  const said = place.title.startsWith(`${place.id}.`) && host.name.endsWith(tail);
  return said ? host.name.slice(0, -tail.length) : host.name;
}

/** How large things are, with whole or with short names. */
export class Sizes {
  readonly core: { readonly width: number; readonly height: number };
  private readonly short: boolean;
  private readonly hosts: readonly HostView[];
  private readonly measure: Measure;

  constructor(hosts: readonly HostView[], measure: Measure, short: boolean) {
    this.hosts = hosts;
    this.short = short;
    this.measure = (text) => Math.ceil(measure(text));
    this.core = { width: this.measure(texts.map.core) + 20, height: 30 };
  }

  /** `room` is what there is for a place that may take a whole row. */
  place(place: PlaceView, room?: number): Sized {
    const hosts = this.hosts.filter((host) => host.place === place.id);
    const labels = hosts.map((host) => (this.short ? shortName(host, place) : host.name));
    const card = Math.max(34, ...labels.map(this.measure)) + BESIDE;
    const fit =
      room === undefined
        ? columnsOf(hosts.length)
        : Math.floor((room - 2 * PAD + CARD_GAP) / (card + CARD_GAP));
    const perRow = Math.max(1, Math.min(fit, hosts.length));
    const rows = Math.max(1, Math.ceil(hosts.length / perRow));
    const cards = perRow * card + (perRow - 1) * CARD_GAP;
    return {
      place,
      hosts,
      labels,
      perRow,
      width: Math.max(cards, this.measure(place.title)) + 2 * PAD,
      height: rows * CARD_HEIGHT + (rows - 1) * CARD_GAP + PAD + TITLE + 6,
    };
  }
}

function columnsOf(count: number): number {
  if (count > THREE_COLUMNS) return 3;
  return count > 1 ? 2 : 1;
}
