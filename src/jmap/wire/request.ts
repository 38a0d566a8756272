/** A request as it comes (RFC 8620 §3.3): bytes to calls, or the error of §3.6.1. */
import { JSON_DEPTH } from '../defaults.ts';
import { requestError } from '../errors.ts';
import type { ApiRequest, Invocation, Json, JsonObject } from '../types.ts';
import { isId, isList, isObject, isTexts } from './values.ts';

export interface RequestRules {
  readonly maxCallsInRequest: number;
  readonly capabilities: readonly string[];
}

export function parseRequest(bytes: Uint8Array, rules: RequestRules): ApiRequest {
  const value = parseJson(bytes);
  if (!isObject(value)) throw requestError('notRequest', 'The request is no object');
  const using = value['using'];
  if (!isTexts(using)) throw requestError('notRequest', 'using: expected a list of capabilities');
  const unknown = using.find((one) => !rules.capabilities.includes(one));
  if (unknown !== undefined) {
    throw requestError('unknownCapability', `There is no capability ${unknown} here`);
  }
  const calls = callsOf(value['methodCalls']);
  if (calls.length > rules.maxCallsInRequest) {
    throw requestError('limit', `A request has ${rules.maxCallsInRequest} calls at most`, {
      limit: 'maxCallsInRequest',
    });
  }
  return { using, calls, createdIds: createdIdsOf(value['createdIds']) };
}

/** I-JSON (RFC 7493): UTF-8 without faults. Names that come twice are not found; the last counts. */
export function parseJson(bytes: Uint8Array): Json {
  let value: Json;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json;
  } catch (cause) {
    throw requestError('notJSON', `The request is no JSON: ${(cause as Error).message}`);
  }
  if (isTooDeep(value)) {
    throw requestError('notRequest', `The request nests deeper than ${JSON_DEPTH} levels`);
  }
  return value;
}

/** Level by level, without recursion: a text can nest deeper than a stack. */
function isTooDeep(value: Json): boolean {
  let level: Json[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > JSON_DEPTH) return true;
    const next: Json[] = [];
    for (const one of level) {
      if (typeof one !== 'object' || one === null) continue;
      for (const inner of Object.values(one) as Json[]) {
        if (typeof inner === 'object' && inner !== null) next.push(inner);
      }
    }
    level = next;
  }
  return false;
}

function callsOf(value: Json | undefined): Invocation[] {
  if (!isList(value)) throw requestError('notRequest', 'methodCalls: expected a list of calls');
  return value.map((call) => {
    const [name, args, id] = isList(call) && call.length === 3 ? call : [];
    if (typeof name !== 'string' || !isObject(args) || typeof id !== 'string') {
      throw requestError('notRequest', 'A call is a list of its name, its arguments and an id');
    }
    return { name, args, id };
  });
}

function createdIdsOf(value: Json | undefined): ReadonlyMap<string, string> | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value) || !Object.values(value).every(isId)) {
    throw requestError('notRequest', 'createdIds: expected ids by name');
  }
  return new Map(Object.entries(value as Readonly<Record<string, string>>));
}

/** An answer as it goes (§3.2). */
export function invocationJson({ name, args, id }: Invocation): Json {
  return [name, args, id];
}

/** References that stand in the place of arguments are led to what they name. */
export type Resolve = (reference: JsonObject, name: string) => Json;

export function resolvedArguments(args: JsonObject, resolve: Resolve): JsonObject {
  if (!Object.keys(args).some((name) => name.startsWith('#'))) return args;
  const entries = Object.entries(args).map(([key, value]): [string, Json] => {
    if (!key.startsWith('#')) return [key, value];
    const name = key.slice(1);
    return [name, resolve(isObject(value) ? value : {}, name)];
  });
  return Object.fromEntries(entries);
}
