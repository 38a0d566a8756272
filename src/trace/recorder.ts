/** Listens to an internet and keeps what was said, for ladders, filters and exports. */
import type { Address } from '../lib/endpoint.ts';
import { Assembler } from './assembler.ts';
import type { TraceBus } from './bus.ts';
import { BYTES_KEPT, EVENTS_KEPT, MESSAGES_KEPT } from './defaults.ts';
import type { Message } from './message.ts';
import type { DissectorRegistry } from './registry.ts';
import { Ring } from './ring.ts';
import type { TraceEvent } from './types.ts';

/** Who and when: what is needed to read events that were kept. */
export interface RecordingHead {
  /** Milliseconds since 1970 at which the run's clock was 0. */
  readonly epoch: number;
  readonly hosts: readonly { readonly name: string; readonly address: Address }[];
}

/** A run, or the newest part of one, ready for export. */
export interface Recording extends RecordingHead {
  readonly events: readonly TraceEvent[];
  readonly messages: readonly Message[];
}

export interface RecorderOptions {
  readonly bus: TraceBus;
  readonly dissectors: DissectorRegistry;
  readonly head: RecordingHead;
}

export interface RecorderWatcher {
  onMessage(message: Message): void;
  onUpdate?(message: Message): void;
}

export class Recorder {
  readonly head: RecordingHead;
  private readonly events = new Ring<TraceEvent>(
    EVENTS_KEPT,
    BYTES_KEPT,
    (event) => event.bytes?.length ?? 0,
  );
  private readonly kept = new Ring<Message>(
    MESSAGES_KEPT,
    BYTES_KEPT,
    (message) => message.bytes.length,
  );
  private last = 0;
  private readonly byId = new Map<number, Message>();
  private readonly watchers = new Set<RecorderWatcher>();
  private readonly unsubscribe: () => void;

  constructor(options: RecorderOptions) {
    this.head = options.head;
    const names = new Map(options.head.hosts.map((host) => [host.address, host.name]));
    const assembler = new Assembler({
      dissectors: options.dissectors,
      nameOf: (address) => names.get(address),
      onMessage: (message) => this.keep(message),
      onUpdate: (message) => {
        for (const watcher of this.watchers) watcher.onUpdate?.(message);
      },
    });
    this.unsubscribe = options.bus.subscribe((event) => {
      this.events.push(event);
      assembler.take(event);
    });
  }

  /** Tells of every message from now on, until the returned function is called. */
  watch(watcher: RecorderWatcher): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** The number of the newest message ever; 0 before the first. */
  get newest(): number {
    return this.last;
  }

  message(id: number): Message | undefined {
    return this.byId.get(id);
  }

  messages(): readonly Message[] {
    return this.kept.values();
  }

  /** What is kept at this moment. */
  recording(): Recording {
    return { ...this.head, events: this.events.values(), messages: this.kept.values() };
  }

  /** Forgets all that was said; message numbers go on. */
  clear(): void {
    this.events.clear();
    this.kept.clear();
    this.byId.clear();
  }

  close(): void {
    this.unsubscribe();
    this.watchers.clear();
  }

  private keep(message: Message): void {
    this.last = message.id;
    this.byId.set(message.id, message);
    for (const old of this.kept.push(message)) this.byId.delete(old.id);
    for (const watcher of this.watchers) watcher.onMessage(message);
  }
}
