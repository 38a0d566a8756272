/** Content codings (RFC 9110 §8.4): who can squeeze and expand is the platform's to know. */
import { announceSettled, type Deferred, deferred } from '../lib/deferred.ts';
import { AppError } from '../lib/errors.ts';
import type { ClientResponse } from './attempt.ts';
import { IncomingBody } from './incoming-body.ts';
import type { Body } from './types.ts';
import { trimBlank } from './wire/tokens.ts';

export interface ContentCodings {
  /** In order of preference: `br`, `gzip`. */
  readonly names: readonly string[];
  encode(coding: string, bytes: Uint8Array): Promise<Uint8Array>;
  /** Undoes a coding piece by piece. Throws where the bytes are not of it. */
  decode(coding: string, source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** Undoes the codings of an answer that are known; with an unknown one it stays as it is. */
export function decodedResponse(response: ClientResponse, codings: ContentCodings): ClientResponse {
  const value = response.headers.joined('Content-Encoding');
  if (value === undefined || response.body.length === 0) return response;
  const applied = value.split(',').map((name) => canonical(trimBlank(name)));
  if (!applied.every((name) => codings.names.includes(name))) return response;
  let source: AsyncIterable<Uint8Array> = response.body;
  for (const name of applied.toReversed()) source = codings.decode(name, source);
  return { ...response, body: new DecodedBody(response.body, source) };
}

/** `x-gzip` is `gzip` (RFC 9110 §8.4.1.3). */
function canonical(name: string): string {
  const lower = name.toLowerCase();
  return lower === 'x-gzip' ? 'gzip' : lower;
}

class DecodedBody extends IncomingBody {
  private readonly coded: Body;
  private readonly source: AsyncIterable<Uint8Array>;
  private room: Deferred<void> | undefined;
  private begun = false;

  constructor(coded: Body, source: AsyncIterable<Uint8Array>) {
    super(undefined, {
      wanted: () => this.proceed(),
      cancelled: () => {
        this.room?.resolve();
        coded.cancel();
      },
    });
    this.coded = coded;
    this.source = source;
  }

  private proceed(): void {
    if (this.begun) this.room?.resolve();
    else void this.run();
  }

  private async run(): Promise<void> {
    this.begun = true;
    try {
      for await (const bytes of this.source) {
        this.push(bytes);
        while (!this.open) {
          this.room = deferred();
          await this.room.promise;
        }
        if (this.done) return;
      }
      this.finish(this.coded.trailers);
    } catch (cause) {
      const text = 'the content is not in the coding that it claims';
      this.fail(
        cause instanceof AppError ? cause : new AppError('HTTP_BAD_CODING', text, { cause }),
      );
    }
    announceSettled();
  }
}
