/** Email/query and Email/queryChanges (RFC 8621 §4.4, §4.5). */
import type { MessageEntry } from '../../mail/index.ts';
import { QUERY_LIMIT } from '../defaults.ts';
import { methodError } from '../errors.ts';
import { makeId } from '../machine/ids.ts';
import { EMAIL_SORTS } from '../machine/sorting.ts';
import { windowOf } from '../machine/window.ts';
import type { Method } from '../service.ts';
import { Arguments } from '../wire/arguments.ts';
import { emailCondition } from '../wire/conditions.ts';
import { parseQuery, parseQueryChanges } from '../wire/standard.ts';
import { emailChangesSince } from './email-changes.ts';
import { cannotCalculate } from './shared.ts';

const idOf = ({ id }: MessageEntry): string => makeId('M', id);

export const emailQuery: Method = (object, { desk }) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const { filter, sort, ...window } = parseQuery(args, emailCondition, EMAIL_SORTS);
  const collapseThreads = args.bool('collapseThreads');
  args.done();
  const rows = desk.query({ filter, sort, collapseThreads });
  const { answer } = windowOf(rows, idOf, window, QUERY_LIMIT);
  return { accountId, queryState: desk.state, canCalculateChanges: true, ...answer };
};

/**
 * All that changed since is taken out, and put in again where it is now (RFC 8620 §5.6): a message moves for no other
 * reason than a change of itself or, where conversations count, of one of them.
 */
export const emailQueryChanges: Method = (object, { desk }) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const request = parseQueryChanges(args, emailCondition, EMAIL_SORTS);
  const collapseThreads = args.bool('collapseThreads');
  args.done();
  const { filter, sort, sinceQueryState, maxChanges, calculateTotal } = request;
  const changes = emailChangesSince(desk, sinceQueryState);
  const byThread = collapseThreads || /InThreadHaveKeyword/.test(JSON.stringify([filter, sort]));
  // To which conversation a message belonged that is gone, nobody knows any more.
  if (byThread && changes.destroyed.length > 0) throw cannotCalculate();
  const touched = [...changes.created, ...changes.updated];
  const changed = new Set(
    byThread
      ? touched.flatMap((id) => desk.thread(desk.entry(id)?.thread ?? 0).map((one) => one.id))
      : touched,
  );
  const rows = desk.query({ filter, sort, collapseThreads });
  const added = rows.flatMap((entry, index) =>
    changed.has(entry.id) ? [{ id: idOf(entry), index }] : [],
  );
  const isNew = new Set(byThread ? [] : changes.created);
  const gone = [...changed, ...changes.destroyed].filter((id) => !isNew.has(id));
  const removed = [...new Set(gone)].map((id) => makeId('M', id));
  if (maxChanges !== undefined && removed.length + added.length > maxChanges) {
    throw methodError('tooManyChanges', `There are ${removed.length + added.length} changes`);
  }
  const states = { oldQueryState: sinceQueryState, newQueryState: desk.state };
  return {
    accountId,
    ...states,
    ...(calculateTotal && { total: rows.length }),
    removed,
    added,
  };
};
