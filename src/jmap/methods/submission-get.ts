/** EmailSubmission/get, changes, query, queryChanges (RFC 8621 §7.1 to §7.4). */
import { QUERY_LIMIT } from '../defaults.ts';
import { windowOf } from '../machine/window.ts';
import type { Call, Method } from '../service.ts';
import type { Comparator, Filter, JsonObject, SubmissionCondition } from '../types.ts';
import { Arguments } from '../wire/arguments.ts';
import { submissionCondition } from '../wire/conditions.ts';
import { parseChanges, parseGet, parseQuery, parseQueryChanges } from '../wire/standard.ts';
import { cannotCalculate, checkChanges, picked, wantedIds, wantedProperties } from './shared.ts';

const PROPERTIES = [
  'id',
  'identityId',
  'emailId',
  'threadId',
  'envelope',
  'sendAt',
  'undoStatus',
  'deliveryStatus',
  'dsnBlobIds',
  'mdnBlobIds',
];

function all({ service, mail }: Call): ReadonlyMap<string, JsonObject> {
  const list = service.submissions.list(mail.account.id);
  return new Map(list.map(({ id, object }) => [id, object]));
}

function stateOf({ service, mail }: Call): string {
  return service.submissions.state(mail.account.id);
}

export const submissionGet: Method = (object, call) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const request = parseGet(args);
  args.done();
  const properties = wantedProperties(request, PROPERTIES);
  const known = all(call);
  const ids = wantedIds(request, call, () => [...known.keys()]);
  return {
    accountId,
    state: stateOf(call),
    list: ids.flatMap((id) => {
      const one = known.get(id);
      return one ? [picked(one, properties)] : [];
    }),
    notFound: ids.filter((id) => !known.has(id)),
  };
};

export const submissionChanges: Method = (object, call) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const { sinceState, maxChanges } = parseChanges(args);
  args.done();
  const { service, mail } = call;
  const changes = service.submissions.changesSince(mail.account.id, sinceState);
  if (!changes) throw cannotCalculate();
  checkChanges(changes.created.length + changes.destroyed.length, maxChanges);
  const states = { oldState: sinceState, newState: stateOf(call), hasMoreChanges: false };
  return { accountId, ...states, ...changes, updated: [] };
};

/** The standard has `sentAt` for sorting, of what is named `sendAt` elsewhere. */
const SORTS = ['emailId', 'threadId', 'sentAt', 'sendAt'];

export const submissionQuery: Method = (object, call) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const { filter, sort, ...window } = parseQuery(args, submissionCondition, SORTS);
  args.done();
  const rows = [...all(call).values()].filter((one) => matches(one, filter));
  rows.sort((a, b) => compare(a, b, sort));
  const { answer } = windowOf(rows, (one) => String(one['id']), window, QUERY_LIMIT);
  return { accountId, queryState: stateOf(call), canCalculateChanges: false, ...answer };
};

export const submissionQueryChanges: Method = (object, call) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const { sinceQueryState } = parseQueryChanges(args, submissionCondition, SORTS);
  args.done();
  if (sinceQueryState !== stateOf(call)) throw cannotCalculate();
  const states = { oldQueryState: sinceQueryState, newQueryState: sinceQueryState };
  return { accountId, ...states, removed: [], added: [] };
};

function compare(a: JsonObject, b: JsonObject, sort: readonly Comparator[]): number {
  for (const { property, isAscending } of sort) {
    const name = property === 'sentAt' ? 'sendAt' : property;
    const [left, right] = [String(a[name]), String(b[name])];
    if (left !== right) return (left < right ? -1 : 1) * (isAscending ? 1 : -1);
  }
  return 0;
}

function matches(one: JsonObject, filter: Filter<SubmissionCondition> | undefined): boolean {
  if (!filter) return true;
  if ('condition' in filter) return fulfils(one, filter.condition);
  const fits = (inner: Filter<SubmissionCondition>): boolean => matches(one, inner);
  if (filter.operator === 'AND') return filter.conditions.every(fits);
  return filter.conditions.some(fits) === (filter.operator === 'OR');
}

function fulfils(one: JsonObject, condition: SubmissionCondition): boolean {
  const { identityIds, emailIds, threadIds, undoStatus, before, after } = condition;
  const isIn = (ids: readonly string[] | undefined, property: string): boolean =>
    ids === undefined || ids.includes(String(one[property]));
  const sent = Date.parse(String(one['sendAt']));
  return (
    isIn(identityIds, 'identityId') &&
    isIn(emailIds, 'emailId') &&
    isIn(threadIds, 'threadId') &&
    (undoStatus === undefined || one['undoStatus'] === undoStatus) &&
    (before === undefined || sent < before) &&
    (after === undefined || sent >= after)
  );
}
