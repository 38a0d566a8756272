/** Where the columns of the ladder stand, and how an arrow lies between two of them. */
import type { MessageLine } from '../../../src/trace/message.ts';

export const TIME_WIDTH = 84;
const LANE_LEAST = 96;
const LANE_MOST = 250;

export interface Lanes {
  /** The middle of each column. */
  readonly x: ReadonlyMap<string, number>;
  readonly lane: number;
  readonly width: number;
}

/** Columns share the room; below a least width the ladder gets wider than its window. */
export function planLanes(columns: readonly string[], room: number): Lanes {
  const count = Math.max(1, columns.length);
  const lane = Math.min(LANE_MOST, Math.max(LANE_LEAST, (room - TIME_WIDTH) / count));
  const x = new Map(columns.map((host, index) => [host, TIME_WIDTH + lane * (index + 0.5)]));
  return { x, lane, width: Math.max(room, TIME_WIDTH + lane * count) };
}

export interface Arrow {
  readonly fromX: number;
  readonly toX: number;
  /** How far the end lies below the start. */
  readonly slant: number;
  readonly label: { readonly x: number; readonly room: number; readonly align: 'left' | 'right' };
}

const SLANT_LEAST = 1.5;
const SLANT_MOST = 8;
/** A delay that gives the steepest arrow, in ms. */
const SLANT_DELAY = 40;

/** The later it arrives, the steeper it lies; fine differences of short delays can be seen too. */
export function slantOf({ sentAt, arrivedAt }: MessageLine): number {
  const delay = Math.max(0, (arrivedAt ?? sentAt) - sentAt);
  const share = Math.min(1, Math.sqrt(delay / SLANT_DELAY));
  return SLANT_LEAST + (SLANT_MOST - SLANT_LEAST) * share;
}

/** An estimate is enough: what is too long is cut by the style, and told in full in the title. */
const CHARACTER = 7;

/** Between a lifeline and a text. */
const APART = 12;

/** The part of the ladder's width that is in sight. */
export interface Sight {
  readonly left: number;
  readonly right: number;
}

/** The text starts with the arrow, and stays in sight when the ladder is moved sideways. */
export function planArrow(message: MessageLine, lanes: Lanes, sight: Sight): Arrow {
  const fromX = lanes.x.get(message.from) ?? TIME_WIDTH;
  const end = lanes.x.get(message.to) ?? TIME_WIDTH;
  const toX = message.lost === undefined ? end : fromX + (end - fromX) * 0.55;
  const [left, right] = fromX < end ? [fromX, end] : [end, fromX];
  const wanted = (message.summary.length + 6 + (message.opens ? 14 : 0)) * CHARACTER;
  const first = sight.left + TIME_WIDTH;
  const start = Math.max(left + APART, first);
  const stop = Math.min(right - APART, sight.right);
  const [after, before] = [sight.right - start - APART, stop - first];
  const label =
    wanted > after && before > after
      ? { x: stop, room: before, align: 'right' as const }
      : { x: start, room: Math.max(0, after), align: 'left' as const };
  return { fromX, toX, slant: slantOf(message), label };
}
