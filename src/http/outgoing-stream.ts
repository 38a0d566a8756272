/** A request's body that comes piece by piece. */
import { utf8 } from '../lib/bytes.ts';
import { announceSettled } from '../lib/deferred.ts';
import { type HeaderList, NO_HEADERS } from '../lib/ordered-headers.ts';
import { misuse } from './errors.ts';
import { encodeChunk, encodeLastChunk } from './wire/serialize.ts';

/** In chunks unless its length is known. It can't be sent twice. */
export interface OutgoingStream extends AsyncIterable<Uint8Array | string> {
  readonly length?: number | undefined;
  /** Sent behind a chunked body; read when the body has ended. */
  readonly trailers?: HeaderList;
}

/** What goes on the wire. Throws ProtocolError where the body is not as long as was announced. */
export async function* framed(body: OutgoingStream): AsyncGenerator<Uint8Array> {
  const { length } = body;
  let sent = 0;
  announceSettled();
  for await (const piece of body) {
    const data = typeof piece === 'string' ? utf8(piece) : piece;
    sent += data.length;
    if (length !== undefined && sent > length) throw wrongLength(length);
    if (data.length > 0) yield length === undefined ? encodeChunk(data) : data;
  }
  if (length === undefined) yield encodeLastChunk(body.trailers ?? NO_HEADERS);
  else if (sent < length) throw wrongLength(length);
}

function wrongLength(length: number): Error {
  const text = `the body is not as long as was announced (${length} bytes)`;
  return misuse('HTTP_BAD_LENGTH', text, 'RFC 9112 §6.3');
}
