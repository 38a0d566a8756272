/** A body on its way in, for a server's handlers and for a client's callers alike. */
import { fromUtf8 } from '../lib/bytes.ts';
import { Incoming, type IncomingSetting } from '../lib/incoming.ts';
import { type HeaderList, NO_HEADERS } from '../lib/ordered-headers.ts';
import { BODY_BUFFER, COLLECT_LIMIT } from './defaults.ts';
import { cancelled, tooLarge } from './errors.ts';
import type { Body, BodySink } from './types.ts';

/** What a body asks of the connection that brings it. */
export interface BodyFlow {
  /** The reader has made room, or has come at last: more may be pushed. */
  wanted(): void;
  /** The reader has lost interest. */
  cancelled(): void;
}

const SETTING: IncomingSetting = {
  name: 'a body',
  buffer: BODY_BUFFER,
  limit: COLLECT_LIMIT,
  tooLarge,
  cancelled,
};

export class IncomingBody extends Incoming<HeaderList> implements Body {
  readonly length: number | undefined;
  trailers: HeaderList = NO_HEADERS;
  private readonly flow: BodyFlow;

  constructor(length: number | undefined, flow: BodyFlow) {
    super(SETTING);
    this.length = length;
    this.flow = flow;
  }

  override finish(trailers: HeaderList): void {
    if (!this.done) this.trailers = trailers;
    super.finish(trailers);
  }

  async text(options: { readonly limit?: number } = {}): Promise<string> {
    return fromUtf8(await this.bytes(options));
  }

  protected wanted(): void {
    this.flow.wanted();
  }

  protected abandoned(): void {
    this.flow.cancelled();
  }
}

/** A body without content, the same for all: there is nothing in it that could be read twice. */
class EmptyBody extends IncomingBody {
  override attach(sink: BodySink): void {
    sink.onEnd(NO_HEADERS);
  }

  override cancel(): void {}
}

export const EMPTY_BODY: IncomingBody = new EmptyBody(0, { wanted() {}, cancelled() {} });
EMPTY_BODY.finish(NO_HEADERS);
