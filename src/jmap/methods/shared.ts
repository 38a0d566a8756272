/** What the methods of all types do alike (RFC 8620 §5). */
import { hasCode } from '../../lib/errors.ts';
import { invalidArguments, JmapError, methodError, setError } from '../errors.ts';
import { type Call, resolvedId } from '../service.ts';
import type { GetRequest, Json, JsonObject, SetRequest } from '../types.ts';
import { isReference } from '../wire/values.ts';

/** The ids that are asked for, each once; null asks for all. Throws requestTooLarge. */
export function wantedIds(
  { ids }: GetRequest,
  call: Call,
  all: () => readonly string[],
): readonly string[] {
  const wanted = ids ? [...new Set(ids)] : all();
  const { maxObjectsInGet } = call.service.limits;
  if (wanted.length > maxObjectsInGet) {
    throw methodError('requestTooLarge', `At most ${maxObjectsInGet} objects are given at a time`);
  }
  return wanted.map((id) => resolvedId(call, id) ?? id);
}

/** The properties that are asked for; `id` is always among them. Throws invalidArguments. */
export function wantedProperties(
  { properties }: GetRequest,
  known: readonly string[],
): readonly string[] {
  const odd = properties?.find((property) => !known.includes(property));
  if (odd !== undefined) throw invalidArguments(`There is no property ${odd}`, 'properties');
  return [...new Set(['id', ...(properties ?? known)])];
}

export function picked(object: JsonObject, properties: readonly string[]): JsonObject {
  return Object.fromEntries(properties.map((name) => [name, object[name] ?? null]));
}

/** There is no state between two of ours: more changes than the client wants can't be told (RFC 8620 §5.2). */
export function checkChanges(count: number, maxChanges: number | undefined): void {
  if (maxChanges !== undefined && count > maxChanges) throw cannotCalculate();
}

export function cannotCalculate(): JmapError {
  return methodError('cannotCalculateChanges', 'That state is not known any more');
}

/** What a type does for `/set`. What they throw is said of the one object. */
export interface SetActions {
  state(): string;
  /** What the server has set: `id` and more. */
  create(object: JsonObject, creationId: string): Promise<JsonObject & { readonly id: string }>;
  update(id: string, patch: JsonObject): Promise<JsonObject | null>;
  destroy(id: string): Promise<void>;
  /** Objects that do not wait for each other are changed at once, in one commit. */
  readonly atOnce: boolean;
}

/** RFC 8620 §5.3: makes, changes, takes away, in this order. */
export async function runSet(
  request: SetRequest,
  call: Call,
  actions: SetActions,
): Promise<JsonObject> {
  checkSetSize(request, call);
  const oldState = actions.state();
  checkState(request.ifInState, oldState);
  const created = await createAll(request, call, actions);
  const doomed = new Set(request.destroy.map((id) => resolvedId(call, id)));
  const updated = await each([...request.update], actions.atOnce, async ([given, patch]) => {
    const id = resolvedId(call, given);
    if (id === undefined) throw notFound(given);
    if (doomed.has(id)) throw setError('willDestroy', `${id} is destroyed by this call`);
    return [id, await actions.update(id, patch)];
  });
  const destroyed = await each([...new Set(request.destroy)], actions.atOnce, async (given) => {
    const id = resolvedId(call, given);
    if (id === undefined) throw notFound(given);
    await actions.destroy(id);
    return [id, null];
  });
  const name = ([given]: readonly [string, JsonObject]): string => given;
  return {
    oldState,
    newState: actions.state(),
    created: orNull(created.done),
    updated: orNull(updated.done),
    destroyed: destroyed.done.length > 0 ? destroyed.done.map(([id]) => id) : null,
    notCreated: orNull(created.failed.map(([item, why]) => [name(item), why])),
    notUpdated: orNull(updated.failed.map(([item, why]) => [name(item), why])),
    notDestroyed: orNull(destroyed.failed),
  };
}

/** Throws stateMismatch. */
export function checkState(ifInState: string | undefined, state: string): void {
  if (ifInState !== undefined && ifInState !== state) {
    throw methodError('stateMismatch', `The state is ${state} now`);
  }
}

function checkSetSize({ create, update, destroy }: SetRequest, { service }: Call): void {
  const { maxObjectsInSet } = service.limits;
  if (create.size + update.size + destroy.length > maxObjectsInSet) {
    throw methodError('requestTooLarge', `At most ${maxObjectsInSet} objects are set at a time`);
  }
}

export function notFound(id: string): JmapError {
  return setError('notFound', `There is no ${id}`);
}

interface Results<Item> {
  readonly done: (readonly [string, Json])[];
  readonly failed: (readonly [Item, JsonObject])[];
}

/** Those that refer to others of the same call wait until these are there (§5.3). */
async function createAll(
  { create }: SetRequest,
  call: Call,
  actions: SetActions,
): Promise<Results<[string, JsonObject]>> {
  let rest = [...create];
  const results: Results<[string, JsonObject]> = { done: [], failed: [] };
  while (rest.length > 0) {
    const names = new Set(rest.map(([name]) => name));
    const ready = rest.filter(([own, object]) => !refersTo(object, names, own));
    const now = ready.length > 0 ? ready : rest;
    const { done, failed } = await each(now, actions.atOnce, async ([creationId, object]) => {
      const made = await actions.create(object, creationId);
      call.created.set(creationId, made.id);
      return [creationId, made];
    });
    results.done.push(...done);
    results.failed.push(...failed);
    rest = rest.filter((one) => !now.includes(one));
  }
  return results;
}

/** Whether a value or a key is the name of another object that is yet to be made. */
function refersTo(value: Json, names: ReadonlySet<string>, own: string): boolean {
  if (typeof value === 'string') {
    return isReference(value) && value !== `#${own}` && names.has(value.slice(1));
  }
  if (typeof value !== 'object' || value === null) return false;
  return (
    Object.keys(value).some((key) => refersTo(key, names, own)) ||
    (Object.values(value) as Json[]).some((inner) => refersTo(inner, names, own))
  );
}

/** All at once, or one after the other; each by itself right or wrong. */
export async function each<Item>(
  items: readonly Item[],
  atOnce: boolean,
  act: (item: Item) => Promise<readonly [string, Json]>,
): Promise<Results<Item>> {
  const results: Results<Item> = { done: [], failed: [] };
  const one = async (item: Item): Promise<readonly [string, Json] | JsonObject> => {
    try {
      return await act(item);
    } catch (error) {
      return setErrorObject(error);
    }
  };
  const outcomes = atOnce ? await Promise.all(items.map(one)) : await inTurn(items, one);
  for (const [at, outcome] of outcomes.entries()) {
    if (Array.isArray(outcome)) results.done.push(outcome as unknown as readonly [string, Json]);
    else results.failed.push([items[at] as Item, outcome as JsonObject]);
  }
  return results;
}

async function inTurn<Item, T>(
  items: readonly Item[],
  act: (item: Item) => Promise<T>,
): Promise<T[]> {
  const all: T[] = [];
  for (const item of items) all.push(await act(item));
  return all;
}

/** What the store says no with, in the words of the standard. */
const STORE_ERRORS: Readonly<Record<string, string>> = {
  MAIL_OVER_QUOTA: 'overQuota',
  FILE_NO_SPACE: 'overQuota',
  MAIL_LIMIT: 'tooLarge',
  MAIL_GONE: 'notFound',
  MAIL_NO_FOLDER: 'invalidProperties',
  MAIL_NOT_SELECTABLE: 'invalidProperties',
  MAIL_FOLDER_EXISTS: 'invalidProperties',
  MAIL_BAD_FOLDER_NAME: 'invalidProperties',
  MAIL_BAD_NAME: 'invalidProperties',
  MIME_BAD_DRAFT: 'invalidProperties',
  MIME_BAD_FIELD: 'invalidProperties',
  MIME_NEEDS_UTF8: 'invalidProperties',
};

export function setErrorObject(error: unknown): JsonObject {
  if (error instanceof JmapError) return error.toObject();
  for (const [code, type] of Object.entries(STORE_ERRORS)) {
    if (hasCode(error, code)) return setError(type, (error as Error).message).toObject();
  }
  throw error;
}

export function orNull(entries: readonly (readonly [string, Json])[]): Json {
  return entries.length === 0 ? null : Object.fromEntries(entries);
}
