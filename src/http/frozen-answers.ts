/**
 * Answers that a handler gives again and again, as bytes. Freezing an answer (`Object.freeze`) says
 * that neither it nor its body will change; it is then written out once for each second's Date.
 */
import { ONE_WRITE_LIMIT } from './defaults.ts';
import { type CommonLines, frameAnswer, headText } from './exchange.ts';
import type { RequestHead, Response } from './types.ts';
import { joinedBytes } from './wire/serialize.ts';

/** What may be answered with the same bytes. */
type Plain = Pick<RequestHead, 'method' | 'version'>;

const PLAIN: Plain = { method: 'GET', version: '1.1' };

/** An answer as bytes, for connections that live on and for those that end. */
interface Written {
  readonly common: CommonLines;
  kept: Uint8Array | undefined;
  last: Uint8Array | undefined;
}

export class FrozenAnswers {
  private readonly written = new WeakMap<Response, Written>();

  /** The whole answer as bytes, where it is frozen and small, and the request is a plain one. */
  bytes(
    request: Plain | undefined,
    response: Response,
    common: CommonLines,
    persistent: boolean,
  ): Uint8Array | undefined {
    if (request?.method !== 'GET' || request.version !== '1.1') return undefined;
    if (!Object.isFrozen(response)) return undefined;
    let written = this.written.get(response);
    if (written?.common !== common) {
      written = { common, kept: undefined, last: undefined };
      this.written.set(response, written);
    }
    const known = persistent ? written.kept : written.last;
    if (known) return known;
    const bytes = write(response, common, persistent);
    if (persistent) written.kept = bytes;
    else written.last = bytes;
    return bytes;
  }
}

function write(
  response: Response,
  common: CommonLines,
  persistent: boolean,
): Uint8Array | undefined {
  const { body } = response;
  if (!(body instanceof Uint8Array) || body.length > ONE_WRITE_LIMIT) return undefined;
  const frame = frameAnswer(PLAIN, response, persistent);
  if (frame.body === undefined || frame.keepAlive !== persistent) return undefined;
  return joinedBytes(headText(response, frame, common), body);
}
