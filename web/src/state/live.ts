/** The live channel: server-sent events, gathered and handed on once a frame. */
import type { LiveEvent } from '../../../src/internet/dashboard/api.ts';

export type LiveState = 'connecting' | 'open' | 'lost';

export interface LiveHandlers {
  onEvents(events: readonly LiveEvent[]): void;
  onState(state: LiveState): void;
  /** The channel is open again after it was lost: another internet may be behind it. */
  onReturn(): void;
  /** The newest message that is known: the channel goes on after it. */
  newest(): number;
}

/** A hidden page gets no frames; its events are handed on by this time, in ms. */
const HIDDEN_MS = 250;

/** A browser that has given up is made to try again after this time, in ms. */
const RETRY_MS = 2_000;

export class Live {
  private readonly handlers: LiveHandlers;
  private source: EventSource | undefined;
  private gathered: LiveEvent[] = [];
  private scheduled = false;
  private wasLost = false;

  constructor(handlers: LiveHandlers) {
    this.handlers = handlers;
  }

  /** Opens the channel anew, after the newest message that is known. */
  open(): void {
    this.source?.close();
    this.gathered = [];
    const source = new EventSource(`api/events?after=${this.handlers.newest()}`);
    this.source = source;
    source.onmessage = ({ data }) => this.gather(JSON.parse(data as string) as LiveEvent);
    source.onopen = () => {
      this.handlers.onState('open');
      if (this.wasLost) this.handlers.onReturn();
      this.wasLost = false;
    };
    source.onerror = () => {
      this.wasLost = true;
      this.handlers.onState('lost');
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.retry(source), RETRY_MS);
    };
  }

  private retry(source: EventSource): void {
    if (this.source === source) this.open();
  }

  private gather(event: LiveEvent): void {
    this.gathered.push(event);
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => this.flush());
    setTimeout(() => this.flush(), HIDDEN_MS);
  }

  private flush(): void {
    this.scheduled = false;
    const events = this.gathered;
    if (events.length === 0) return;
    this.gathered = [];
    this.handlers.onEvents(events);
  }
}
