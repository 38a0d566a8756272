/** The steps of messages, told and kept for a while. */
import { type Clock, calendar } from '../net/index.ts';
import { Ring } from '../trace/ring.ts';
import { EVENTS_LIMIT } from './defaults.ts';
import type { QueuedMessage, RelayEvent, RelayEventKind } from './types.ts';

export type EventSubject = Pick<QueuedMessage, 'id' | 'messageId' | 'received'>;
export type EventDetails = Pick<RelayEvent, 'recipient' | 'remote' | 'reply'>;

export class Events {
  private readonly ring = new Ring<RelayEvent>(EVENTS_LIMIT, Number.POSITIVE_INFINITY, () => 0);
  private readonly clock: Clock;
  private readonly hostname: string;
  private readonly tell: ((event: RelayEvent) => void) | undefined;

  constructor(clock: Clock, hostname: string, tell: ((event: RelayEvent) => void) | undefined) {
    this.clock = clock;
    this.hostname = hostname;
    this.tell = tell;
  }

  emit(kind: RelayEventKind, subject: EventSubject, details: EventDetails = {}): void {
    const { id, messageId, received } = subject;
    const at = calendar(this.clock);
    const event = {
      at,
      host: this.hostname,
      id,
      messageId,
      kind,
      ...details,
      delayMs: at - received,
    };
    this.ring.push(event);
    this.tell?.(event);
  }

  list(): readonly RelayEvent[] {
    return this.ring.values();
  }
}
