/** Runs the calls of a request, one after the other (RFC 8620 §3.4, §3.6.2, §3.7). */
import { AppError } from '../lib/errors.ts';
import { JmapError, methodError } from './errors.ts';
import { makeId } from './machine/ids.ts';
import { METHODS } from './methods/table.ts';
import type { Call } from './service.ts';
import type { ApiRequest, Invocation, Json, JsonObject } from './types.ts';
import { evaluatePointer } from './wire/pointer.ts';
import { resolvedArguments } from './wire/request.ts';

/** An answer for each call, and for those that they brought with them. */
export async function runCalls(request: ApiRequest, call: Call): Promise<Invocation[]> {
  const answers: Invocation[] = [];
  const rest = [...request.calls];
  for (let next = rest.shift(); next; next = rest.shift()) {
    answers.push(await answerOf(next, request.using, answers, call));
    rest.unshift(...call.implied.splice(0));
  }
  return answers;
}

async function answerOf(
  { name, args, id }: Invocation,
  using: readonly string[],
  answers: readonly Invocation[],
  call: Call,
): Promise<Invocation> {
  call.id = id;
  try {
    const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
    if (!method || !using.includes(method.capability)) {
      throw methodError('unknownMethod', `There is no method ${name} in what the request uses`);
    }
    const resolved = resolvedArguments(args, (reference, argument) => {
      if (Object.hasOwn(args, argument)) {
        const text = `${argument} is there itself and as a reference`;
        throw methodError('invalidArguments', text, { arguments: [argument] });
      }
      return resultOf(reference, answers);
    });
    if (method.ofAccount) checkAccount(resolved, call);
    return { name, args: await method.run(resolved, call), id };
  } catch (error) {
    call.implied.length = 0;
    return { name: 'error', args: errorObject(error, call), id };
  }
}

/** Our own faults are a failure of the server, and nothing of them is told. */
function errorObject(error: unknown, { service }: Call): JsonObject {
  if (error instanceof JmapError) return error.toObject();
  service.onError(error);
  if (error instanceof AppError) return { type: 'serverFail', description: error.message };
  return { type: 'serverFail', description: 'The server could not answer this call' };
}

function checkAccount(args: JsonObject, { mail }: Call): void {
  const { accountId } = args;
  if (typeof accountId !== 'string') {
    const text = 'accountId: expected an id';
    throw methodError('invalidArguments', text, { arguments: ['accountId'] });
  }
  if (accountId !== makeId('A', mail.account.id)) {
    throw methodError('accountNotFound', `There is no account ${accountId}`);
  }
}

/** RFC 8620 §3.7. */
function resultOf(reference: JsonObject, answers: readonly Invocation[]): Json {
  const { resultOf: id, name, path } = reference;
  const answer = answers.find((one) => one.id === id);
  const found =
    answer && answer.name === name && typeof path === 'string'
      ? evaluatePointer(answer.args, path)
      : undefined;
  if (found !== undefined) return found;
  const text = `${String(name)} ${String(path)} of ${String(id)} leads nowhere`;
  throw methodError('invalidResultReference', text);
}
