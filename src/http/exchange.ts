/** One request and its answer, and the head of the answer. */
import { utf8 } from '../lib/bytes.ts';
import { HeaderList } from '../lib/ordered-headers.ts';
import { ONE_WRITE_LIMIT } from './defaults.ts';
import { broken, misuse } from './errors.ts';
import { type BodyFlow, EMPTY_BODY, IncomingBody } from './incoming-body.ts';
import { frameResponse, type ResponseFrame } from './machine/response-framing.ts';
import type { ResponseWriter } from './response-writer.ts';
import type { ServerContext } from './server-request.ts';
import type { Framing, Outcome, PullBody, PushBody, RequestHead, Response } from './types.ts';
import { fieldLines, headBytes, joinedBytes, statusLine } from './wire/serialize.ts';
import { reasonFor } from './wire/status.ts';

export interface Exchange {
  /** Undefined for what could not be read as a request. */
  readonly head: RequestHead | undefined;
  readonly context: ServerContext;
  readonly body: IncomingBody;
  readonly began: number;
  status: number;
  sent: number;
  headSent: boolean;
  /** The client waits for 100 (Continue). */
  continueOwed: boolean;
  writer: ResponseWriter | undefined;
}

export function newExchange(
  head: RequestHead | undefined,
  framing: Framing,
  flow: BodyFlow,
  context: ServerContext,
  began: number,
): Exchange {
  const length = framing.kind === 'length' ? framing.length : undefined;
  return {
    head,
    context,
    body: framing.kind === 'none' ? EMPTY_BODY : new IncomingBody(length, flow),
    began,
    status: 0,
    sent: 0,
    headSent: false,
    continueOwed: false,
    writer: undefined,
  };
}

/** RFC 9110 §10.1.1: one expectation is known; what is wrong with any other. */
export function unknownExpectation({ headers }: RequestHead): Error | undefined {
  const expectation = headers.joined('Expect')?.toLowerCase();
  if (expectation === '100-continue') return undefined;
  const text = `Nothing is known of the expectation ${expectation}`;
  return broken('HTTP_EXPECTATION', text, 'RFC 9110 §10.1.1', 0, 417);
}

export interface AnswerFrame extends ResponseFrame {
  /** Undefined when none is sent. */
  readonly body: Uint8Array | PullBody | PushBody | undefined;
  readonly length: number | undefined;
}

export function frameAnswer(
  request: Pick<RequestHead, 'method' | 'version'> | undefined,
  response: Response,
  persistent: boolean,
): AnswerFrame {
  const given = typeof response.body === 'string' ? utf8(response.body) : response.body;
  let length = given?.length;
  if (given === undefined && request?.method !== 'HEAD' && response.status !== 304) length = 0;
  const headers = HeaderList.from(response.headers);
  const frame = frameResponse(request, response.status, headers, length, persistent);
  return { ...frame, body: frame.coding === 'none' ? undefined : given, length };
}

export const CONTINUE: Uint8Array = headBytes('HTTP/1.1 100 Continue\r\n\r\n');

export function outcomeOf(exchange: Exchange, now: number, complete: boolean): Outcome {
  const { status, began, sent, writer } = exchange;
  return { status, bytes: writer?.sent ?? sent, ms: now - began, complete };
}

/** The lines that begin every head, unless the handler says them: one who passes on what another said. */
export interface CommonLines {
  readonly date: string;
  readonly server: string;
}

/** The whole head of an answer as text. */
export function headText(response: Response, frame: ResponseFrame, common: CommonLines): string {
  const { headers, lines } = frame;
  const first = statusLine(response.status, response.reason ?? reasonFor(response.status));
  const date = headers.has('Date') ? '' : common.date;
  const server = headers.has('Server') ? '' : common.server;
  return `${first}${date}${server}${fieldLines(headers)}${lines}\r\n`;
}

/** One piece for a small body, so that it leaves in one write with its head. */
export function wholeAnswer(text: string, body: Uint8Array | undefined): readonly Uint8Array[] {
  if (body === undefined || body.length === 0) return [headBytes(text)];
  if (body.length <= ONE_WRITE_LIMIT) return [joinedBytes(text, body)];
  return [headBytes(text), body];
}

/** A handler's fault: RFC 9110 §7.8 wants the whole request before the protocol changes. */
export function cannotSwitch({ status, takeover }: Response): Error {
  const why = takeover ? 'the request is not all there' : 'nobody takes over';
  const text = `${status} can not change the protocol: ${why}`;
  return misuse('HTTP_BAD_STATUS_LINE', text, 'RFC 9110 §7.8');
}
