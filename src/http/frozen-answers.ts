/**
 * Answers that a handler gives again and again, as bytes. Freezing an answer (`Object.freeze`) says
 * that neither it nor its body will change; it is then written out once for each second's Date.
 */
import { ONE_WRITE_LIMIT } from './defaults.ts';
import { type CommonLines, frameAnswer, headText } from './exchange.ts';
import type { RequestHead, Response } from './types.ts';
import { joinedBytes } from './wire/serialize.ts';

/** What may be answered with the same bytes: a plain GET on a connection that lives on. */
type Plain = Pick<RequestHead, 'method' | 'version'>;

const PLAIN: Plain = { method: 'GET', version: '1.1' };

interface Written {
  readonly common: CommonLines;
  readonly bytes: Uint8Array;
}

export class FrozenAnswers {
  private readonly written = new WeakMap<Response, Written>();

  /** The whole answer as bytes, where it is frozen and small, and the request is a plain one. */
  bytes(
    request: Plain | undefined,
    response: Response,
    common: CommonLines,
  ): Uint8Array | undefined {
    if (request?.method !== 'GET' || request.version !== '1.1') return undefined;
    if (!Object.isFrozen(response)) return undefined;
    const known = this.written.get(response);
    if (known?.common === common) return known.bytes;
    const { body } = response;
    if (!(body instanceof Uint8Array) || body.length > ONE_WRITE_LIMIT) return undefined;
    const frame = frameAnswer(PLAIN, response, true);
    if (frame.body === undefined || !frame.keepAlive) return undefined;
    const bytes = joinedBytes(headText(response, frame, common), body);
    this.written.set(response, { common, bytes });
    return bytes;
  }
}
