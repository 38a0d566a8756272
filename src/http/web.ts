/**
 * Handlers of the web platform's convention, `(Request) => Response`, on our server. Frameworks of
 * that convention run on it. The classes are the caller's: Node and browsers have them.
 */
import type { BodySource, Handler, Response } from './types.ts';

/** What is needed of the platform's Response. */
export interface WebResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Iterable<[string, string]>;
  readonly body: WebStream | null;
}

export interface WebStream {
  getReader(): WebReader;
}

export interface WebReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(reason?: unknown): Promise<void>;
}

export interface WebRequestInit {
  readonly method: string;
  readonly headers: [string, string][];
  readonly body?: AsyncIterable<Uint8Array>;
  readonly duplex?: 'half';
  readonly signal: AbortSignal;
}

/** The constructor of the platform's Request. */
export type WebRequestClass<WebRequest> = new (url: string, init: WebRequestInit) => WebRequest;

/** `fromWeb(Request, handler)`: with Node's own classes, `fromWeb(globalThis.Request, app.fetch)`. */
export function fromWeb<WebRequest>(
  requestClass: WebRequestClass<WebRequest>,
  handler: (request: WebRequest) => WebResponse | Promise<WebResponse>,
): Handler {
  return async (request, context) => {
    const bodiless = request.method === 'GET' || request.method === 'HEAD';
    const web = new requestClass(request.url, {
      method: request.method,
      headers: [...request.headers].map(([name, value]) => [name, value]),
      signal: context.signal,
      ...(bodiless || request.body.length === 0 ? {} : { body: request.body, duplex: 'half' }),
    });
    return toResponse(await handler(web));
  };
}

function toResponse({ status, statusText, headers, body }: WebResponse): Response {
  const fields = [...headers];
  const length = fields.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  return {
    status,
    ...(statusText === '' ? {} : { reason: statusText }),
    headers: fields,
    ...(body === null ? {} : { body: pulled(body, length) }),
  };
}

/** The stream's chunks, at the client's pace; with the length that the handler declared, if it did. */
function pulled(stream: WebStream, declared: string | undefined): BodySource {
  const length = declared === undefined ? undefined : Number(declared);
  return {
    length,
    [Symbol.asyncIterator]() {
      const reader = stream.getReader();
      const over = { done: true as const, value: undefined };
      return {
        async next() {
          const { done, value } = await reader.read();
          return done || !value ? over : { done: false as const, value };
        },
        async return() {
          await reader.cancel();
          return over;
        },
      };
    },
  };
}
