/** Passes on what a world records, and hashes it: two runs with one seed must give one hash. */
import { RollingHash } from '../../lib/hash.ts';
import type { TraceEvent, TraceSink } from '../../trace/types.ts';

export class Recorder implements TraceSink {
  private readonly sink: TraceSink;
  private readonly hashing: boolean;
  private readonly rolling = new RollingHash();

  constructor(sink: TraceSink, hashing: boolean) {
    this.sink = sink;
    this.hashing = hashing;
  }

  get on(): boolean {
    return this.hashing || this.sink.on;
  }

  get hash(): string {
    return this.rolling.digest();
  }

  emit(event: TraceEvent): void {
    const { rolling } = this;
    rolling.number(event.at);
    rolling.text(event.host);
    rolling.text(event.kind);
    rolling.text(event.transport);
    rolling.text(event.from.address);
    rolling.number(event.from.port);
    rolling.text(event.to.address);
    rolling.number(event.to.port);
    if (event.bytes) rolling.bytes(event.bytes);
    if (event.text !== undefined) rolling.text(event.text);
    if (this.sink.on) this.sink.emit(event);
  }
}
