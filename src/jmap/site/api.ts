/** `/jmap/api`: a request of calls, an answer of answers (RFC 8620 §3). */
import type { Request, Response } from '../../http/index.ts';
import { hasCode } from '../../lib/errors.ts';
import type { Account } from '../../mail/index.ts';
import { deskOf } from '../desk.ts';
import { JmapError } from '../errors.ts';
import { runCalls } from '../runner.ts';
import type { Call, Service } from '../service.ts';
import type { ApiRequest, Json } from '../types.ts';
import { invocationJson, parseRequest } from '../wire/request.ts';
import { json, limitProblem, problem, requestProblem } from './answers.ts';
import { CAPABILITIES, sessionState } from './session-object.ts';
import type { Turnstile } from './turnstile.ts';

export async function answerApi(
  service: Service,
  turnstile: Turnstile,
  account: Account,
  request: Request,
): Promise<Response> {
  if (request.method !== 'POST') return problem(405, 'The API is asked with POST.');
  const leave = turnstile.enter(account.id);
  if (!leave) return limitProblem('maxConcurrentRequests', 'Too many requests at once');
  try {
    return await answerRequest(service, account, await read(service, request));
  } catch (error) {
    if (error instanceof JmapError && error.level === 'request') return requestProblem(error);
    if (!hasCode(error, 'HTTP_BODY_TOO_LARGE')) throw error;
    const { maxSizeRequest } = service.limits;
    return limitProblem('maxSizeRequest', `A request has ${maxSizeRequest} bytes at most`);
  } finally {
    leave();
  }
}

async function read({ limits }: Service, { headers, body }: Request): Promise<ApiRequest> {
  const type = headers.get('Content-Type') ?? '';
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    throw new JmapError('request', 'notJSON', 'Content-Type: expected application/json');
  }
  const bytes = await body.bytes({ limit: limits.maxSizeRequest });
  return parseRequest(bytes, { ...limits, capabilities: CAPABILITIES });
}

async function answerRequest(
  service: Service,
  account: Account,
  request: ApiRequest,
): Promise<Response> {
  const mail = service.store.open(account);
  const call: Call = {
    service,
    mail,
    desk: deskOf(mail),
    created: new Map(request.createdIds),
    id: '',
    implied: [],
  };
  const answers = await runCalls(request, call);
  const answer: Record<string, Json> = {
    methodResponses: answers.map(invocationJson),
    sessionState: sessionState(account),
  };
  if (request.createdIds) answer['createdIds'] = Object.fromEntries(call.created);
  return json(answer);
}
