/** Virtual time: what happens when. Time jumps from event to event and never ticks. */
import { UsageError } from '../../lib/errors.ts';
import type { Timer } from '../types.ts';
import { EVENTS_AN_INSTANT } from './defaults.ts';
import { EventHeap, type Ticket } from './event-heap.ts';

/** Something beside the heap that knows when it will be its turn: the flows. */
export interface Source {
  readonly next: number;
  fire(): void;
}

const NOTHING: Source = { next: Number.POSITIVE_INFINITY, fire() {} };

class LoopTimer implements Timer {
  private readonly heap: EventHeap;
  private readonly ticket: Ticket;
  private readonly use: number;

  constructor(heap: EventHeap, ticket: Ticket) {
    this.heap = heap;
    this.ticket = ticket;
    this.use = heap.useOf(ticket);
  }

  cancel(): void {
    this.heap.cancel(this.ticket, this.use);
  }
}

export class Loop {
  now = 0;
  /** How many events have happened. */
  events = 0;
  source: Source = NOTHING;
  private readonly heap = new EventHeap();
  private deferred: (() => void)[] = [];
  private instantStart = 0;

  /** Calls at `time`, or now if that is past. */
  at(time: number, call: () => void): void {
    this.heap.push(time > this.now ? time : this.now, call);
  }

  timer(ms: number, call: () => void): Timer {
    const { heap } = this;
    const ticket = heap.push(ms > 0 ? this.now + ms : this.now, call);
    return new LoopTimer(heap, ticket);
  }

  /** Calls once nothing more happens at this instant, before time moves on. */
  defer(call: () => void): void {
    this.deferred.push(call);
  }

  /** When the next event is; infinite when there is none. */
  get next(): number {
    return Math.min(this.heap.next, this.source.next);
  }

  /** Does what was put off to the end of the instant; false when there was nothing. */
  endInstant(): boolean {
    if (this.deferred.length === 0) return false;
    const calls = this.deferred;
    this.deferred = [];
    for (const call of calls) call();
    return true;
  }

  moveTo(time: number): void {
    this.now = time;
    this.instantStart = this.events;
  }

  /** The next event happens, at the present time. */
  fire(): void {
    this.events++;
    if (this.events - this.instantStart > EVENTS_AN_INSTANT) {
      throw new UsageError(
        `${EVENTS_AN_INSTANT} events and no time passed: give the links a latency or a rate`,
      );
    }
    if (this.source.next <= this.heap.next) this.source.fire();
    else this.heap.pop()();
  }
}
