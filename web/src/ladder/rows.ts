/** Which messages the ladder shows, where each stands, and which hosts have a column. */
import type { MessageLine } from '../../../src/trace/message.ts';
import type { Test } from '../state/filter.ts';
import type { MessageLog } from '../state/log.ts';

export const ROW_HEIGHT = 30;
export const QUIET_HEIGHT = 26;

/** Room above the first row. */
const HEAD_ROOM = 6;

/** Less than this between two messages is not worth a line of its own, in ms. */
export const QUIET_MS = 20;

export interface Showing {
  readonly test: Test;
  /** While paused: the newest message that is shown. */
  readonly upTo: number;
}

export interface Rows {
  readonly messages: readonly MessageLine[];
  /** The upper edge of each row, in pixels; its quiet time, if it has one, is above it. */
  readonly tops: readonly number[];
  /** How long nothing was under way before each message, in ms; 0 when that was no time. */
  readonly quiet: readonly number[];
  /** Hosts in the order of their first word. */
  readonly columns: readonly string[];
  readonly height: number;
}

/** Keeps the rows in step with the log: what is new is added, and all is done again only when it must. */
export class RowKeeper {
  private messages: MessageLine[] = [];
  private tops: number[] = [];
  private quiet: number[] = [];
  private columns: string[] = [];
  private readonly known = new Set<string>();
  private height = HEAD_ROOM;
  /** Until when something was said or under way. */
  private heard = 0;
  private taken = 0;
  private revision = -1;
  private showing: Showing | undefined;

  rows(log: MessageLog, showing: Showing): Rows {
    const same =
      this.revision === log.revision &&
      this.showing?.test === showing.test &&
      this.showing.upTo === showing.upTo;
    if (!same) this.begin();
    this.revision = log.revision;
    this.showing = showing;
    const all = log.messages;
    for (; this.taken < all.length; this.taken++) {
      const message = all[this.taken] as MessageLine;
      if (message.id <= showing.upTo && showing.test(message)) this.add(message);
    }
    const { messages, tops, quiet, columns, height } = this;
    return { messages, tops, quiet, columns: [...columns], height };
  }

  private begin(): void {
    this.messages = [];
    this.tops = [];
    this.quiet = [];
    this.columns = [];
    this.known.clear();
    this.height = HEAD_ROOM;
    this.heard = 0;
    this.taken = 0;
  }

  private add(message: MessageLine): void {
    const pause = this.messages.length > 0 ? message.sentAt - this.heard : 0;
    const quiet = pause >= QUIET_MS ? pause : 0;
    if (quiet > 0) this.height += QUIET_HEIGHT;
    this.messages.push(message);
    this.tops.push(this.height);
    this.quiet.push(quiet);
    this.height += ROW_HEIGHT;
    this.heard = Math.max(this.heard, message.arrivedAt ?? message.sentAt);
    for (const host of [message.from, message.to]) {
      if (this.known.has(host)) continue;
      this.known.add(host);
      this.columns.push(host);
    }
  }
}

/** The first row that reaches below `y`: its upper edge is the last one not below it. */
export function rowAt(tops: readonly number[], y: number): number {
  let low = 0;
  let high = tops.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] as number) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The rows to draw for a part of the height, a few more than can be seen. */
export function rowsIn(
  tops: readonly number[],
  top: number,
  height: number,
): { readonly first: number; readonly end: number } {
  const spare = ROW_HEIGHT * 8;
  if (tops.length === 0) return { first: 0, end: 0 };
  return { first: rowAt(tops, top - spare), end: rowAt(tops, top + height + spare) + 1 };
}
