/** A body that is passed on as it comes, at the pace of who takes it, and kept by nobody. */
import type { Body, BodyWriter, PushBody } from '../http/index.ts';

/** What came from one connection as the body of an answer on another, with its trailers. */
export function relay(body: Body): PushBody {
  const start = (writer: BodyWriter): void => {
    let over = false;
    writer.onDrain(() => body.resume());
    writer.onClose(() => {
      if (!over) body.cancel();
    });
    body.attach({
      onData(bytes) {
        if (!writer.write(bytes)) body.pause();
      },
      onEnd(trailers) {
        over = true;
        writer.end(trailers);
      },
      onError(error) {
        over = true;
        writer.abort(error);
      },
    });
  };
  return body.length === undefined ? { start } : { length: body.length, start };
}
