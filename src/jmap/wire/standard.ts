/** The arguments that all types share (RFC 8620 §5). */
import { FILTER_CONDITIONS, FILTER_DEPTH } from '../defaults.ts';
import { invalidArguments, methodError } from '../errors.ts';
import type {
  ChangesRequest,
  Comparator,
  Filter,
  GetRequest,
  Json,
  QueryChangesRequest,
  QueryRequest,
  SetRequest,
} from '../types.ts';
import type { Arguments } from './arguments.ts';
import { isId, isList, isObject, isReference } from './values.ts';

export function parseGet(args: Arguments): GetRequest {
  const ids = args.maybeTexts('ids');
  const bad = ids?.find((id) => !isId(id) && !isReference(id));
  if (bad !== undefined) throw invalidArguments(`ids: "${bad}" is no id`, 'ids');
  return { ids, properties: args.maybeTexts('properties') };
}

export function parseChanges(args: Arguments): ChangesRequest {
  const maxChanges = args.maybeUnsigned('maxChanges');
  if (maxChanges === 0) throw invalidArguments('maxChanges: expected 1 or more', 'maxChanges');
  return { sinceState: args.text('sinceState'), maxChanges };
}

export function parseSet(args: Arguments): SetRequest {
  return {
    ifInState: args.maybeText('ifInState'),
    create: args.maybeObjects('create') ?? new Map(),
    update: args.maybeObjects('update') ?? new Map(),
    destroy: args.maybeTexts('destroy') ?? [],
  };
}

type ConditionOf<Condition> = (value: Json) => Condition;

export function parseQuery<Condition>(
  args: Arguments,
  conditionOf: ConditionOf<Condition>,
  sortable: readonly string[],
): QueryRequest<Condition> {
  return {
    filter: parseFilter(args.raw('filter'), conditionOf),
    sort: parseSort(args.raw('sort'), sortable),
    position: args.int('position', 0),
    anchor: args.maybeText('anchor'),
    anchorOffset: args.int('anchorOffset', 0),
    limit: args.maybeUnsigned('limit'),
    calculateTotal: args.bool('calculateTotal'),
  };
}

export function parseQueryChanges<Condition>(
  args: Arguments,
  conditionOf: ConditionOf<Condition>,
  sortable: readonly string[],
): QueryChangesRequest<Condition> {
  // Only a client that knows that nothing in its query can change would profit from upToId.
  args.raw('upToId');
  return {
    filter: parseFilter(args.raw('filter'), conditionOf),
    sort: parseSort(args.raw('sort'), sortable),
    sinceQueryState: args.text('sinceQueryState'),
    maxChanges: args.maybeUnsigned('maxChanges'),
    calculateTotal: args.bool('calculateTotal'),
  };
}

export function parseFilter<Condition>(
  value: Json | undefined,
  conditionOf: ConditionOf<Condition>,
): Filter<Condition> | undefined {
  if (value === undefined || value === null) return undefined;
  let left = FILTER_CONDITIONS;
  const read = (one: Json, depth: number): Filter<Condition> => {
    if (!isObject(one)) throw invalidArguments('filter: expected an object', 'filter');
    if (--left < 0 || depth > FILTER_DEPTH) {
      throw methodError('unsupportedFilter', 'The filter has too many conditions');
    }
    const { operator, conditions } = one;
    if (operator === undefined) return { condition: conditionOf(one) };
    if (operator !== 'AND' && operator !== 'OR' && operator !== 'NOT') {
      throw invalidArguments('filter: operator is AND, OR or NOT', 'filter');
    }
    if (!isList(conditions)) {
      throw invalidArguments('filter: conditions: expected a list', 'filter');
    }
    return { operator, conditions: conditions.map((inner) => read(inner, depth + 1)) };
  };
  return read(value, 0);
}

const KEYWORD_SORTS = ['hasKeyword', 'allInThreadHaveKeyword', 'someInThreadHaveKeyword'];
const COLLATIONS = ['i;unicode-casemap', 'i;ascii-casemap', 'i;octet', 'i;ascii-numeric'];

function parseSort(value: Json | undefined, sortable: readonly string[]): readonly Comparator[] {
  if (value === undefined || value === null) return [];
  if (!isList(value)) throw invalidArguments('sort: expected a list', 'sort');
  return value.map((one) => {
    const { property, isAscending = true, collation, keyword } = isObject(one) ? one : {};
    if (typeof property !== 'string' || typeof isAscending !== 'boolean') {
      throw invalidArguments('sort: expected property, and isAscending true or false', 'sort');
    }
    const known = collation === undefined || COLLATIONS.includes(String(collation));
    if (!sortable.includes(property) || !known) {
      throw methodError('unsupportedSort', `Nothing is sorted by ${property} here`);
    }
    const needsKeyword = KEYWORD_SORTS.includes(property);
    if (needsKeyword && typeof keyword !== 'string') {
      throw invalidArguments(`sort: ${property} needs a keyword`, 'sort');
    }
    return { property, isAscending, keyword: needsKeyword ? String(keyword) : undefined };
  });
}
