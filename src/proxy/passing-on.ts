/** A message as it is passed on (RFC 9110 §7.6). */
import { connectionFields, endToEnd } from '../cache/index.ts';
import {
  type Body,
  type HeaderField,
  HeaderList,
  listNames,
  type OutgoingStream,
  type Request,
  type RequestHead,
} from '../http/index.ts';
import type { Address } from '../lib/endpoint.ts';
import { type ForwardedStyle, withForwarded } from './forwarded.ts';
import { withVia } from './via.ts';

export interface PassingOn {
  /** The name in Via. */
  readonly name: string;
  readonly forwarded: ForwardedStyle;
  readonly asker: Address;
  /** How the client asked. */
  readonly scheme: 'http' | 'https';
  /** The request line's target for the next hop. */
  readonly target: string;
  /** What Host says there. */
  readonly hostField: string;
}

/** The client's request without what was meant for this proxy only; Host stands first (RFC 9110 §7.2). */
export function passedOn(
  request: Pick<Request, 'method' | 'headers' | 'version' | 'body'>,
  { name, forwarded, asker, scheme, target, hostField }: PassingOn,
): RequestHead {
  const { method, version } = request;
  const kept = endToEnd(request.headers, ['host', 'content-length', 'max-forwards']);
  let headers = withVia(kept, version, name);
  const seen = { address: asker, hostField: request.headers.get('Host'), scheme };
  headers = withForwarded(headers, forwarded, seen);
  const left = request.headers.get('Max-Forwards');
  const fields: HeaderField[] = [['Host', hostField], ...headers];
  if (left !== undefined) fields.push(['Max-Forwards', lessOne(left)]);
  if (listNames(request.headers.joined('TE'), 'trailers')) {
    fields.push(['TE', 'trailers'], ['Connection', 'TE']);
  }
  return { method, target, version: '1.1', headers: new HeaderList(fields) };
}

function lessOne(count: string): string {
  return /^[0-9]+$/.test(count) ? String(Math.max(0, Number(count) - 1)) : count;
}

/** The head with the framing of its body, as it goes out (RFC 9112 §6). */
export function framedHead(head: RequestHead, body: Pick<Body, 'length'> | undefined): RequestHead {
  const field = framingField(head.method, body);
  return field ? { ...head, headers: head.headers.appended(...field) } : head;
}

function framingField(
  method: string,
  body: Pick<Body, 'length'> | undefined,
): HeaderField | undefined {
  if (body?.length === undefined) {
    return body ? ['Transfer-Encoding', 'chunked'] : withoutBody(method);
  }
  return body.length > 0 ? ['Content-Length', String(body.length)] : withoutBody(method);
}

/** RFC 9110 §8.6: methods that expect a body say that there is none. */
function withoutBody(method: string): HeaderField | undefined {
  return method === 'POST' || method === 'PUT' || method === 'PATCH'
    ? ['Content-Length', '0']
    : undefined;
}

/** The request's protocols to change to, where Connection says so (RFC 9110 §7.8). */
export function upgradeOf(headers: HeaderList): string | undefined {
  return connectionFields(headers).has('upgrade') &&
    listNames(headers.joined('Connection'), 'upgrade')
    ? headers.joined('Upgrade')
    : undefined;
}

/** A body that is sent once the origin has said 100, or the time for it is over. */
export function waitingBody(body: Body, go: Promise<void>): OutgoingStream {
  return {
    length: body.length,
    get trailers() {
      return body.trailers;
    },
    async *[Symbol.asyncIterator]() {
      await go;
      yield* body;
    },
  };
}
