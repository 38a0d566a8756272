/** A client's side of the wire: commands out, responses in, each waited for only so long. */
import { EMPTY, fromUtf8, latin1, utf8 } from '../../lib/bytes.ts';
import { type Deferred, deferred } from '../../lib/deferred.ts';
import { endpointText } from '../../lib/endpoint.ts';
import { NetworkError, UsageError } from '../../lib/errors.ts';
import type { Connection, Host, SecureClient } from '../../net/index.ts';
import { INPUT_BUFFER, RESPONSE_LIMIT, RESPONSE_LINE_LIMIT } from '../defaults.ts';
import { Deflating } from '../deflating.ts';
import { badResponse } from '../errors.ts';
import { type Unit, UnitReader } from '../wire/unit-reader.ts';
import type { Observe } from './types.ts';

export class Channel {
  secure = false;
  private readonly host: Host;
  private readonly observe: Observe | undefined;
  private readonly responseLimit: number;
  private connection: Connection;
  private readonly reader = new UnitReader(RESPONSE_LINE_LIMIT);
  private readonly units: Unit[] = [];
  private deflating: Deflating | undefined;
  private held = 0;
  private taken = 0;
  private paused = false;
  private heard: Deferred<void> | undefined;
  private drained: Deferred<void> | undefined;
  private failure: Error | undefined;

  constructor(
    host: Host,
    connection: Connection,
    { observe, responseLimit = RESPONSE_LIMIT }: { observe?: Observe; responseLimit?: number },
  ) {
    this.host = host;
    this.connection = connection;
    this.observe = observe;
    this.responseLimit = responseLimit;
    this.attach(connection);
  }

  get compressed(): boolean {
    return this.deflating !== undefined;
  }

  say(text: string): void {
    if (this.observe) for (const line of linesOf(text)) this.observe('C', line);
    this.write(utf8(text));
  }

  /** Sends a literal, and waits while the connection asks to. Throws NetworkError. */
  async octets(bytes: Uint8Array, timeoutMs: number): Promise<void> {
    if (this.failure) throw this.failure;
    if (this.observe) for (const line of literalLines(bytes)) this.observe('C', line);
    if (this.write(bytes)) return;
    this.drained = deferred();
    await this.within(timeoutMs, this.drained, 'the server takes no more');
    if (this.failure) throw this.failure;
  }

  /** The next response. Throws NetworkError, ProtocolError. */
  async next(timeoutMs: number): Promise<Unit> {
    while (this.units.length === 0) {
      if (this.failure) throw this.failure;
      this.heard = deferred();
      await this.within(timeoutMs, this.heard, 'no answer');
    }
    const unit = this.units.shift() as Unit;
    this.held -= sizeOf(unit);
    if (this.paused && this.held < INPUT_BUFFER) {
      this.paused = false;
      this.connection.resume();
    }
    return unit;
  }

  /** Puts TLS on the connection. */
  async startTls(options: SecureClient): Promise<void> {
    if (!this.host.network.secure) throw new UsageError('this network does not speak TLS');
    // A response sent in clear behind OK may be somebody else's.
    if (this.units.length > 0 || this.reader.buffered > 0) {
      throw this.fail(badResponse('words in clear behind STARTTLS'));
    }
    this.connection = await this.host.network.secure(this.connection, options);
    this.secure = true;
    this.attach(this.connection);
  }

  /** From here on both ways are compressed (RFC 4978). */
  startDeflate(): void {
    this.deflating = new Deflating();
    this.deflating.take(this.reader.take());
    this.expand();
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

  private write(bytes: Uint8Array): boolean {
    return this.connection.write(this.deflating ? this.deflating.deflate(bytes) : bytes);
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
    if (this.deflating) {
      this.deflating.take(bytes);
      this.expand();
      return;
    }
    this.reader.push(bytes);
    this.read();
  }

  private expand(): void {
    this.reader.push(this.deflating?.inflateAll() ?? EMPTY);
    if (this.deflating?.failed) this.fail(badResponse('what comes is not DEFLATE'));
    else this.read();
  }

  private read(): void {
    for (let step = this.reader.next(); step; step = this.reader.next()) {
      if (step.type === 'literal') {
        this.taken += step.size;
        if (this.taken > this.responseLimit) {
          this.fail(badResponse(`a response of more than ${this.responseLimit} octets`));
          return;
        }
        this.reader.keep();
        continue;
      }
      this.taken = 0;
      this.take(step.unit);
    }
    this.heard?.resolve();
  }

  private take(unit: Unit): void {
    if (this.observe) for (const line of unitLines(unit)) this.observe('S', line);
    this.units.push(unit);
    this.held += sizeOf(unit);
    if (this.paused || this.held < INPUT_BUFFER) return;
    this.paused = true;
    this.connection.pause();
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
    if (ms === Number.POSITIVE_INFINITY) return what.promise;
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

function sizeOf({ text, literals }: Unit): number {
  return literals.reduce(
    (sum, literal) => sum + (literal instanceof Uint8Array ? literal.length : 0),
    text.length,
  );
}

function linesOf(text: string): string[] {
  return text.replace(/\r\n$/, '').split('\r\n');
}

/** What is shown of a literal; a longer one is a message. */
const SHOWN_LITERAL = 2_048;

function literalLines(bytes: Uint8Array): string[] {
  return bytes.length > SHOWN_LITERAL ? [`(${bytes.length} octets)`] : linesOf(fromUtf8(bytes));
}

function unitLines({ text, literals }: Unit): string[] {
  const parts = fromUtf8(latin1(text)).split(/(?<=\{\d+\+?\}\r\n)/);
  return parts.flatMap((part, i) => {
    const literal = literals[i];
    const shown = literal instanceof Uint8Array ? literalLines(literal) : [];
    return [...linesOf(part), ...shown];
  });
}
