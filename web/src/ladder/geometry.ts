/** Where the columns of the ladder stand, and how an arrow lies between two of them. */
import type { MessageLine } from '../../../src/trace/message.ts';

export const TIME_WIDTH = 84;
const LANE_LEAST = 104;
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

export function planArrow(message: MessageLine, lanes: Lanes): Arrow {
  const fromX = lanes.x.get(message.from) ?? TIME_WIDTH;
  const end = lanes.x.get(message.to) ?? TIME_WIDTH;
  const toX = message.lost === undefined ? end : fromX + (end - fromX) * 0.55;
  const [left, right] = fromX < end ? [fromX, end] : [end, fromX];
  const wanted = (message.summary.length + (message.opens ? 14 : 0)) * CHARACTER;
  const roomRight = lanes.width - left - 22;
  const roomLeft = right - TIME_WIDTH - 22;
  const align = wanted > roomRight && roomLeft > roomRight ? 'right' : 'left';
  const label =
    align === 'left'
      ? { x: left + 12, room: roomRight, align: 'left' as const }
      : { x: right - 12, room: roomLeft, align: 'right' as const };
  return { fromX, toX, slant: slantOf(message), label };
}
