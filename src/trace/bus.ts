import type { TraceEvent, TraceSink } from './types.ts';

export type TraceListener = (event: TraceEvent) => void;

/** The sink of a whole internet: `on` while somebody listens. */
export class TraceBus implements TraceSink {
  on = false;
  private listeners: readonly TraceListener[] = [];

  emit(event: TraceEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  /** Listens until the returned function is called. */
  subscribe(listener: TraceListener): () => void {
    this.listeners = [...this.listeners, listener];
    this.on = true;
    return () => {
      this.listeners = this.listeners.filter((other) => other !== listener);
      this.on = this.listeners.length > 0;
    };
  }
}
