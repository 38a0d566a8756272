/** What ties messages together: notes before them, the request they answer, the message that led to them. */
import type { Endpoint } from '../lib/endpoint.ts';
import { endpointText } from '../lib/endpoint.ts';
import { PENDING_LINKS } from './defaults.ts';
import type { Note } from './message.ts';
import type { TraceEvent } from './types.ts';

/** A map that forgets its oldest entries. */
export class Bounded<V> extends Map<string, V> {
  override set(key: string, value: V): this {
    super.set(key, value);
    if (this.size > PENDING_LINKS) {
      const oldest = this.keys().next();
      if (!oldest.done) this.delete(oldest.value);
    }
    return this;
  }
}

interface Waiting {
  readonly notes: Note[];
  cause: number | undefined;
}

/** The key of one direction of a conversation. */
export function directionKey(transport: string, from: Endpoint, to: Endpoint): string {
  return `${transport} ${endpointText(from)}>${endpointText(to)}`;
}

const NOTHING: { readonly notes: readonly Note[]; readonly cause?: number } = { notes: [] };

export class Links {
  private readonly waiting = new Bounded<Waiting>();
  private readonly lastHeard = new Bounded<number>();

  /** A note waits for the next message in its direction. */
  note(event: TraceEvent): void {
    const key = directionKey(event.transport, event.from, event.to);
    const waiting: Waiting = this.waiting.get(key) ?? { notes: [], cause: undefined };
    waiting.notes.push({
      text: event.text ?? '',
      ...(event.spec !== undefined && { spec: event.spec }),
    });
    if (event.because) {
      waiting.cause = this.lastHeard.get(`${event.host} ${endpointText(event.because)}`);
    }
    this.waiting.set(key, waiting);
  }

  /** The notes for a message that was said now, and what led to it. */
  take(
    transport: string,
    from: Endpoint,
    to: Endpoint,
  ): { notes: readonly Note[]; cause?: number } {
    if (this.waiting.size === 0) return NOTHING;
    const key = directionKey(transport, from, to);
    const waiting = this.waiting.get(key);
    if (!waiting) return NOTHING;
    this.waiting.delete(key);
    return waiting.cause === undefined
      ? { notes: waiting.notes }
      : { notes: waiting.notes, cause: waiting.cause };
  }

  /** `host` has received message `id` from there. */
  heard(host: string, from: Endpoint, id: number): void {
    this.lastHeard.set(`${host} ${endpointText(from)}`, id);
  }
}
