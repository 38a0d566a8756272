/** A connection that a handler has taken over, seen by its server: which must know when it is gone. */
import type { Endpoint } from '../lib/endpoint.ts';
import type { Connection, ConnectionHandler } from '../net/index.ts';

export class TakenConnection implements Connection {
  private readonly inner: Connection;
  private readonly gone: () => void;

  constructor(inner: Connection, gone: () => void) {
    this.inner = inner;
    this.gone = gone;
  }

  get local(): Endpoint {
    return this.inner.local;
  }

  get remote(): Endpoint {
    return this.inner.remote;
  }

  get buffered(): number {
    return this.inner.buffered;
  }

  attach(handler: ConnectionHandler): void {
    this.inner.attach({
      onData: (bytes) => handler.onData(bytes),
      onEnd: () => handler.onEnd?.(),
      onDrain: () => handler.onDrain?.(),
      onClose: (why) => {
        this.gone();
        handler.onClose(why);
      },
    });
  }

  write(bytes: Uint8Array): boolean {
    return this.inner.write(bytes);
  }

  pause(): void {
    this.inner.pause();
  }

  resume(): void {
    this.inner.resume();
  }

  end(how?: { readonly heard: boolean }): void {
    this.inner.end(how);
  }

  destroy(why?: Error): void {
    this.inner.destroy(why);
  }
}
