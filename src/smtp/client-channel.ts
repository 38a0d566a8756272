/** A client's side of the wire: commands out, replies in, each waited for only so long. */

import { fromUtf8 } from '../lib/bytes.ts';
import { type Deferred, deferred } from '../lib/deferred.ts';
import { endpointText } from '../lib/endpoint.ts';
import { NetworkError, UsageError } from '../lib/errors.ts';
import type { Connection, Host, SecureClient } from '../net/index.ts';
import { badReply } from './errors.ts';
import type { Reply } from './types.ts';
import { encodeReply, ReplyReader } from './wire/reply.ts';

/** Told of each line as it is said; messages are not told. */
export type Observe = (who: 'C' | 'S', line: string) => void;

export class Channel {
  secure = false;
  private readonly host: Host;
  private readonly observe: Observe | undefined;
  private connection: Connection;
  private readonly reader = new ReplyReader();
  private readonly replies: Reply[] = [];
  private heard: Deferred<void> | undefined;
  private drained: Deferred<void> | undefined;
  private failure: Error | undefined;

  constructor(host: Host, connection: Connection, observe: Observe | undefined) {
    this.host = host;
    this.connection = connection;
    this.observe = observe;
    this.attach(connection);
  }

  /** Sends commands; who sends a message waits with `write`. */
  say(bytes: Uint8Array): void {
    if (this.observe) for (const line of linesOf(bytes)) this.observe('C', line);
    this.connection.write(bytes);
  }

  /** Sends a part of a message, and waits while the connection asks to. Throws NetworkError. */
  async write(bytes: Uint8Array, timeoutMs: number): Promise<void> {
    if (this.failure) throw this.failure;
    if (this.connection.write(bytes)) return;
    this.drained = deferred();
    await this.within(timeoutMs, this.drained, 'the server takes no more of the message');
    if (this.failure) throw this.failure;
  }

  /** A reply that nobody has asked for yet: a server that goes in the middle says why. */
  get unread(): Reply | undefined {
    return this.replies[0];
  }

  /** The next reply. Throws NetworkError, ProtocolError. */
  async reply(timeoutMs: number): Promise<Reply> {
    while (this.replies.length === 0) {
      if (this.failure) throw this.failure;
      this.heard = deferred();
      await this.within(timeoutMs, this.heard, 'no reply');
    }
    return this.replies.shift() as Reply;
  }

  /** Puts TLS on the connection. */
  async startTls(options: SecureClient): Promise<void> {
    if (!this.host.network.secure) throw new UsageError('this network does not speak TLS');
    // RFC 3207 §6: a reply sent in clear behind 220 may be somebody else's.
    if (this.replies.length > 0 || this.reader.pending > 0) {
      throw this.fail(badReply('words in clear behind STARTTLS'));
    }
    this.connection = await this.host.network.secure(this.connection, options);
    this.secure = true;
    this.attach(this.connection);
  }

  end(): void {
    this.connection.end();
  }

  /** Gives up at once. Whoever waits is told `error`. */
  fail(error: Error): Error {
    this.failure ??= error;
    this.connection.destroy();
    this.wake();
    return this.failure;
  }

  private attach(connection: Connection): void {
    connection.attach({
      onData: (bytes) => this.hear(bytes),
      onEnd: () => this.over('the server closed the connection'),
      onDrain: () => this.drained?.resolve(),
      onClose: ({ error }) => {
        if (error) this.failure ??= error;
        this.over('the connection is closed');
      },
    });
  }

  private hear(bytes: Uint8Array): void {
    this.reader.push(bytes);
    try {
      for (let reply = this.reader.next(); reply; reply = this.reader.next()) {
        if (this.observe) for (const line of linesOf(encodeReply(reply))) this.observe('S', line);
        this.replies.push(reply);
      }
    } catch (error) {
      this.fail(error as Error);
    }
    this.heard?.resolve();
  }

  private over(why: string): void {
    this.failure ??= new NetworkError('closed', `${endpointText(this.connection.remote)}: ${why}`);
    this.wake();
  }

  private wake(): void {
    this.heard?.resolve();
    this.drained?.resolve();
  }

  private async within(ms: number, what: Deferred<void>, late: string): Promise<void> {
    const where = endpointText(this.connection.remote);
    const timer = this.host.clock.setTimer(ms, () => {
      this.fail(new NetworkError('timeout', `${where}: ${late} in ${ms} ms`));
    });
    try {
      await what.promise;
    } finally {
      timer.cancel();
    }
  }
}

function linesOf(bytes: Uint8Array): string[] {
  return fromUtf8(bytes).replace(/\r\n$/, '').split('\r\n');
}
