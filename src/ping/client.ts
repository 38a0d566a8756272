import { deferred } from '../lib/deferred.ts';
import type { Endpoint } from '../lib/endpoint.ts';
import { calendar, type Datagram, type DatagramSocket, type Host, sleep } from '../net/index.ts';
import { PING_COUNT, PING_WAIT_MS } from './defaults.ts';
import { Pinger } from './machine/pinger.ts';
import type { PingEvent, PingSummary } from './types.ts';

export interface PingOptions {
  /** How many messages; default 10. */
  readonly count?: number;
  /** How long each waits for its reply; default 1,000 ms. */
  readonly waitMs?: number;
  /** The pause before the next message; default none. */
  readonly intervalMs?: number;
  /** Ends after the message under way. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: PingEvent) => void;
}

/** Sends one message after another and waits for each reply. Never throws for what is lost. */
export async function ping(
  host: Host,
  to: Endpoint,
  options: PingOptions = {},
): Promise<PingSummary> {
  const { count = PING_COUNT, intervalMs = 0, signal } = options;
  const socket = await host.network.bind({ port: 0, service: 'ping client' });
  const run = new PingRun(host, socket, options);
  try {
    for (let sent = 0; sent < count && !signal?.aborted; sent++) {
      if (sent > 0 && intervalMs > 0) await sleep(host.clock, intervalMs);
      await run.once(to);
    }
    return run.pinger.summary();
  } finally {
    socket.close();
  }
}

class PingRun {
  readonly pinger: Pinger = new Pinger();
  private readonly host: Host;
  private readonly socket: DatagramSocket;
  private readonly options: PingOptions;
  private answered: () => void = () => {};

  constructor(host: Host, socket: DatagramSocket, options: PingOptions) {
    this.host = host;
    this.socket = socket;
    this.options = options;
    socket.onDatagram((datagram) => this.receive(datagram));
  }

  /** One message: until its reply, its time-out or the end of all. */
  async once(to: Endpoint): Promise<void> {
    const { clock } = this.host;
    const done = deferred<void>();
    const abort = () => done.resolve();
    this.answered = () => done.resolve();
    this.options.signal?.addEventListener('abort', abort, { once: true });
    this.socket.send(this.pinger.send(clock.now(), calendar(clock)), to);
    const timer = clock.setTimer(this.options.waitMs ?? PING_WAIT_MS, () => {
      const event = this.pinger.timeout();
      this.options.onEvent?.(event);
      done.resolve();
    });
    await done.promise;
    timer.cancel();
    this.options.signal?.removeEventListener('abort', abort);
  }

  private receive(datagram: Datagram): void {
    const event = this.pinger.receive(datagram.bytes, this.host.clock.now());
    this.options.onEvent?.(event);
    if (!this.pinger.waiting) this.answered();
  }
}
