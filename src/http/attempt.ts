/** The time-out, the cancelling and the times of one request of a client. */
import { type Deferred, deferred } from '../lib/deferred.ts';
import type { Endpoint } from '../lib/endpoint.ts';
import { NetworkError } from '../lib/errors.ts';
import type { Host } from '../net/index.ts';
import type { Answer, ClientConversation, ExchangeTimes } from './client-conversation.ts';
import { RESPONSE_TIMEOUT_MS } from './defaults.ts';
import type { Body, RequestHead, ResponseHead, Switched } from './types.ts';

/** Milliseconds of each step. */
export interface Timings {
  readonly nameMs: number;
  /** With the secure layer, where there is one. */
  readonly connectMs: number;
  /** From the request to the first byte of the answer. */
  readonly waitMs: number;
  /** From the first byte to the end of the body; up to now while it is not over. */
  readonly receiveMs: number;
  /** The connection had been used before. */
  readonly reused: boolean;
  /** When the request was sent, by the host's clock. */
  readonly sentAt: number;
}

export interface ClientResponse extends ResponseHead {
  /** What was asked for in the end, after redirections. */
  readonly url: string;
  readonly redirects: readonly string[];
  /** What was sent in the end. */
  readonly request: RequestHead;
  readonly body: Body;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly timings: Timings;
  /** After 101, or 2xx to CONNECT: the connection is the caller's. */
  readonly switched?: Switched;
}

export interface AttemptOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export class Attempt {
  nameMs = 0;
  connectMs = 0;
  times: ExchangeTimes;
  cancelled = false;
  private readonly host: Host;
  private readonly controller = new AbortController();
  private readonly failed: Deferred<never> = deferred();
  private readonly stop: () => void;
  private readonly detach: () => void;
  private conversation: ClientConversation | undefined;

  constructor(host: Host, { signal, timeoutMs = RESPONSE_TIMEOUT_MS }: AttemptOptions) {
    this.host = host;
    this.failed.promise.catch(() => undefined);
    const aborted = (): void => this.cancel(new NetworkError('aborted', 'the request was aborted'));
    const timer = host.clock.setTimer(timeoutMs, () =>
      this.cancel(new NetworkError('timeout', `no answer within ${timeoutMs} ms`)),
    );
    signal?.addEventListener('abort', aborted, { once: true });
    this.stop = () => timer.cancel();
    this.detach = () => signal?.removeEventListener('abort', aborted);
    this.times = this.newTimes();
    if (signal?.aborted) aborted();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Rejects as soon as the request is cancelled; `late` disposes of what comes nevertheless. */
  guard<T>(promise: Promise<T>, late: (value: T) => void = () => {}): Promise<T> {
    const used = promise.then((value) => {
      if (this.cancelled) late(value);
      return value;
    });
    return Promise.race([used, this.failed.promise]);
  }

  use(conversation: ClientConversation): void {
    this.conversation = conversation;
    this.times = this.newTimes();
  }

  private newTimes(): ExchangeTimes {
    return { sentAt: 0, firstByteAt: 0, endAt: 0, onOver: () => this.detach() };
  }

  /** The head has come: from here on the body has its own time-out; the signal still holds. */
  over(): void {
    this.stop();
  }

  private cancel(error: NetworkError): void {
    this.cancelled = true;
    this.failed.reject(error);
    this.controller.abort(error);
    this.conversation?.cancel(this.times, error);
  }

  note({ connection }: ClientConversation, text: string, section: string): void {
    const { trace, clock, name } = this.host;
    if (!trace.on) return;
    const { local: from, remote: to } = connection;
    const spec = `RFC 9112 ${section}`;
    trace.emit({
      kind: 'note',
      at: clock.now(),
      host: name,
      transport: 'tcp',
      from,
      to,
      text,
      spec,
    });
  }

  response(
    { head, body, switched }: Answer,
    conversation: ClientConversation,
    { head: request, url }: { head: RequestHead; url: string },
    reused: boolean,
  ): ClientResponse {
    const { times, host, nameMs, connectMs } = this;
    const { local, remote } = conversation.connection;
    const timings: Timings = {
      nameMs,
      connectMs,
      reused,
      sentAt: times.sentAt,
      waitMs: times.firstByteAt - times.sentAt,
      get receiveMs() {
        return (times.endAt || host.clock.now()) - times.firstByteAt;
      },
    };
    const more = switched && { switched };
    return { ...head, url, request, redirects: [], body, local, remote, timings, ...more };
  }
}
