/** A body that is passed on as it comes, at the pace of who takes it, and kept by nobody. */
import type { Body, BodyWriter, PushBody } from '../http/index.ts';

/** What came from one connection as the body of an answer on another, with its trailers; in the end it tells how much. */
export function relay(body: Body, onOver: (bytes: number) => void = () => {}): PushBody {
  const start = (writer: BodyWriter): void => {
    let over = false;
    let bytes = 0;
    writer.onDrain(() => body.resume());
    writer.onClose(() => {
      if (!over) body.cancel();
      onOver(bytes);
    });
    body.attach({
      onData(piece) {
        bytes += piece.length;
        if (!writer.write(piece)) body.pause();
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
