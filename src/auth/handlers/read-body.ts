/** A request whose body was read to prove it, and can be read once more. */
import { type Body, type BodySink, HeaderList, type Request } from '../../http/index.ts';
import { fromUtf8 } from '../../lib/bytes.ts';

class ReadBody implements Body {
  readonly length: number;
  readonly trailers: HeaderList = HeaderList.from(undefined);
  private readonly content: Uint8Array;

  constructor(content: Uint8Array) {
    this.content = content;
    this.length = content.length;
  }

  attach(sink: BodySink): void {
    sink.onData(this.content);
    sink.onEnd(this.trailers);
  }

  pause(): void {}
  resume(): void {}
  cancel(): void {}

  async bytes(): Promise<Uint8Array> {
    return this.content;
  }

  async text(): Promise<string> {
    return fromUtf8(this.content);
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    yield this.content;
  }
}

export function withReadBody(request: Request, content: Uint8Array): Request {
  const { method, target, version, headers, path, query, hostname, scheme, url } = request;
  const body = new ReadBody(content);
  return { method, target, version, headers, path, query, hostname, scheme, url, body };
}
