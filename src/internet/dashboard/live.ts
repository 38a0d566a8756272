/** The live channel: what is said, as server-sent events (HTML Standard §9.2), in small batches. */
import { type EventStream, eventStream, type Response } from '../../http/index.ts';
import type { Clock, Timer } from '../../net/index.ts';
import { type Message, messageLine } from '../../trace/index.ts';
import type { Internet } from '../internet.ts';
import type { LiveEvent, UpdateView } from './api.ts';
import { hostView } from './view.ts';

/** Told together when they come within this time: some 20 batches a second, whatever the traffic. */
const BATCH_MS = 50;

/** More in one batch would make a page stutter; the rest follows in the next. */
const BATCH_MOST = 1_000;

/** A comment now and then shows that the channel lives, and finds dead readers. */
const HEARTBEAT_MS = 15_000;

/** A reader that is this far behind is cut off, and may come back with Last-Event-ID. */
const BEHIND_MOST = 50_000;

export class Live {
  private readonly internet: Internet;
  private readonly clock: Clock;
  private readonly readers = new Set<Reader>();

  constructor(internet: Internet, clock: Clock) {
    this.internet = internet;
    this.clock = clock;
  }

  /** An answer that tells all messages after `after`, and goes on telling. */
  answer(after: number): Response {
    return eventStream((stream) => {
      const reader = new Reader(this.internet, this.clock, stream, after);
      this.readers.add(reader);
      return () => {
        this.readers.delete(reader);
        reader.close();
      };
    });
  }

  clear(): void {
    for (const reader of this.readers) reader.tell({ type: 'clear' });
  }

  close(): void {
    for (const reader of this.readers) reader.end();
  }
}

class Reader {
  private readonly clock: Clock;
  private readonly stream: EventStream;
  private readonly stop: (() => void)[];
  private messages: Message[];
  private updates = new Map<number, UpdateView>();
  private batch: Timer | undefined;
  private heart: Timer | undefined;
  private draining = false;

  constructor(internet: Internet, clock: Clock, stream: EventStream, after: number) {
    this.clock = clock;
    this.stream = stream;
    this.messages = internet.recorder.messages().filter((message) => message.id > after);
    this.stop = [
      internet.recorder.watch({
        onMessage: (message) => {
          this.messages.push(message);
          this.schedule();
        },
        onUpdate: (message) => this.update(message),
      }),
      internet.watchHosts((host) => this.tell({ type: 'host', host: hostView(internet, host) })),
    ];
    stream.onDrain(() => {
      this.draining = false;
      this.schedule();
    });
    stream.comment('what is said in this internet');
    this.schedule();
    this.beat();
  }

  tell(event: LiveEvent, id?: number): void {
    const message = { data: JSON.stringify(event), ...(id !== undefined && { id: String(id) }) };
    if (!this.stream.send(message)) this.draining = true;
  }

  end(): void {
    this.stream.end();
  }

  close(): void {
    for (const stop of this.stop) stop();
    this.batch?.cancel();
    this.heart?.cancel();
  }

  private update(message: Message): void {
    this.updates.set(message.id, {
      id: message.id,
      ...(message.arrivedAt !== undefined && { arrivedAt: message.arrivedAt }),
      ...(message.lost !== undefined && { lost: message.lost }),
    });
    this.schedule();
  }

  private schedule(): void {
    if (this.messages.length > BEHIND_MOST) this.stream.abort();
    else if (!this.batch && !this.draining) {
      this.batch = this.clock.setTimer(BATCH_MS, () => this.flush());
    }
  }

  private flush(): void {
    this.batch = undefined;
    const messages = this.messages.splice(0, BATCH_MOST);
    const last = messages.at(-1);
    if (last) this.tell({ type: 'messages', messages: messages.map(messageLine) }, last.id);
    // What is told just now, or is still to be told, says itself how it stands.
    const told = [...this.updates.values()].filter(
      ({ id }) => id < (messages[0]?.id ?? Number.POSITIVE_INFINITY),
    );
    this.updates.clear();
    if (told.length > 0) this.tell({ type: 'updates', updates: told });
    if (this.messages.length > 0) this.schedule();
  }

  private beat(): void {
    this.heart = this.clock.setTimer(HEARTBEAT_MS, () => {
      this.stream.comment('still here');
      this.beat();
    });
  }
}
