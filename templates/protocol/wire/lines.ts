/** Bytes to lines: CR LF or LF ends one. The same lines come out, however the bytes are cut. */
import { fromLatin1 } from '../../../src/lib/bytes.ts';
import { GREETING_LINE_LIMIT } from '../defaults.ts';
import { badLine } from '../errors.ts';

export class LineParser {
  private rest = '';

  /** Throws ProtocolError when a line grows beyond the limit. */
  push(bytes: Uint8Array): string[] {
    const lines = (this.rest + fromLatin1(bytes)).split('\n');
    this.rest = lines.pop() ?? '';
    const longest = Math.max(this.rest.length, ...lines.map((line) => line.length));
    if (longest > GREETING_LINE_LIMIT) {
      throw badLine(`a line of more than ${GREETING_LINE_LIMIT} bytes`, GREETING_LINE_LIMIT);
    }
    return lines.map((line) => line.replace(/\r$/, ''));
  }
}
