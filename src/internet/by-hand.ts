/** What a person typed, sent to a server as it stands, and what comes back. */
import { httpDissector } from '../http/index.ts';
import { concat, utf8 } from '../lib/bytes.ts';
import { type Deferred, deferred } from '../lib/deferred.ts';
import type { Endpoint } from '../lib/endpoint.ts';
import type { Clock, CloseReason, Connection, Timer } from '../net/index.ts';
import type { Field, StreamDissector } from '../trace/index.ts';
import type { User } from './actions.ts';

/** A server that says nothing for so long waits for more than was typed. */
const QUIET_MS = 3_000;

/** Who wants to close after an answer does so within this time; a persistent connection stays open. */
const CLOSING_MS = 60;

/** A person waits for it. */
const WHOLE_MS = 20_000;

/** More of an answer is counted, not kept: it is read on a page. */
const BYTES_KEPT = 256 * 1024;

/**
 * How it ended. `open`: the answer is whole, and the server left the connection open. `closed`: the server
 * closed it. `quiet`: the server said no more, though no answer was whole. `reset`: it was broken off.
 * `endless`: the answer did not end in time.
 */
export type ByHandEnd = 'open' | 'closed' | 'quiet' | 'reset' | 'endless';

export interface ByHandReply {
  /** Where it begins in the bytes. */
  readonly start: number;
  readonly length: number;
  readonly summary: string;
  readonly fields: readonly Field[];
}

export interface ByHandAnswer {
  readonly local: Endpoint;
  readonly connectMs: number;
  /** From the sending to the first and to the last byte; undefined where nothing came. */
  readonly firstByteMs: number | undefined;
  readonly lastByteMs: number | undefined;
  /** The beginning of all that came. */
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly replies: readonly ByHandReply[];
  readonly end: ByHandEnd;
}

/** Sends a text over a connection of its own. Throws NetworkError where there is none. */
export async function sendByHand(
  { host }: User,
  to: Endpoint,
  text: string,
): Promise<ByHandAnswer> {
  const { clock, network } = host;
  const began = clock.now();
  const connection = await network.connect(to);
  const connectMs = clock.now() - began;
  const exchange = new Exchange(connection, clock);
  const end = await exchange.say(utf8(text));
  return { local: connection.local, connectMs, ...exchange.answer(), end };
}

class Exchange {
  private readonly connection: Connection;
  private readonly clock: Clock;
  private readonly over: Deferred<ByHandEnd> = deferred();
  private readonly dissector = httpDissector.stream?.() as StreamDissector;
  private readonly replies: ByHandReply[] = [];
  private readonly kept: Uint8Array[] = [];
  private readonly limit: Timer;
  private patience: Timer;
  private sentAt: number;
  private firstAt: number | undefined;
  private lastAt: number | undefined;
  private length = 0;
  /** How many bytes belong to the replies so far. */
  private replied = 0;
  /** Answers that are still to come. */
  private wanted = 1;
  private finished = false;

  constructor(connection: Connection, clock: Clock) {
    this.connection = connection;
    this.clock = clock;
    this.sentAt = clock.now();
    this.limit = clock.setTimer(WHOLE_MS, () => this.finish('endless'));
    this.patience = this.wait(QUIET_MS, 'quiet');
    connection.attach({
      onData: (bytes) => this.take(bytes),
      onEnd: () => this.finish('closed'),
      onClose: ({ kind }: CloseReason) => this.finish(kind === 'end' ? 'closed' : 'reset'),
    });
  }

  say(bytes: Uint8Array): Promise<ByHandEnd> {
    const asked = this.dissector.push('client', bytes);
    this.wanted = Math.max(1, asked.filter(({ role }) => role === 'request').length);
    this.sentAt = this.clock.now();
    this.connection.write(bytes);
    return this.over.promise;
  }

  answer(): Pick<ByHandAnswer, 'firstByteMs' | 'lastByteMs' | 'bytes' | 'length' | 'replies'> {
    const since = (at: number | undefined) => (at === undefined ? at : at - this.sentAt);
    const { firstAt, lastAt, kept, length, replies } = this;
    const [firstByteMs, lastByteMs] = [since(firstAt), since(lastAt)];
    return { firstByteMs, lastByteMs, bytes: concat(kept), length, replies };
  }

  private take(bytes: Uint8Array): void {
    if (this.finished) return;
    this.lastAt = this.clock.now();
    this.firstAt ??= this.lastAt;
    const room = BYTES_KEPT - Math.min(this.length, BYTES_KEPT);
    if (room > 0) this.kept.push(bytes.subarray(0, room));
    this.length += bytes.length;
    this.read(this.dissector.push('server', bytes));
    this.patience.cancel();
    const whole = this.wanted <= 0;
    this.patience = this.wait(whole ? CLOSING_MS : QUIET_MS, whole ? 'open' : 'quiet');
  }

  private read(found: ReturnType<StreamDissector['push']>): void {
    for (const { length, summary, role, fields } of found) {
      this.replies.push({ start: this.replied, length, summary, fields: fields() });
      this.replied += length;
      if (role === 'reply') this.wanted--;
    }
  }

  private wait(ms: number, end: ByHandEnd): Timer {
    return this.clock.setTimer(ms, () => this.finish(end));
  }

  /** The first end counts. */
  private finish(end: ByHandEnd): void {
    if (this.finished) return;
    this.finished = true;
    this.limit.cancel();
    this.patience.cancel();
    if (end === 'closed') this.read(this.dissector.end('server'));
    if (end === 'endless') this.connection.destroy();
    else this.connection.end();
    this.over.resolve(end);
  }
}
