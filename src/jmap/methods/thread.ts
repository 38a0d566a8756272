/** Thread/get and Thread/changes (RFC 8621 §3). */
import { idNumber, makeId } from '../machine/ids.ts';
import type { Method } from '../service.ts';
import { Arguments } from '../wire/arguments.ts';
import { parseChanges, parseGet } from '../wire/standard.ts';
import { emailChangesSince } from './email-changes.ts';
import { cannotCalculate, checkChanges, picked, wantedIds, wantedProperties } from './shared.ts';

export const threadGet: Method = (object, call) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const request = parseGet(args);
  args.done();
  const { desk } = call;
  const properties = wantedProperties(request, ['id', 'emailIds']);
  const ids = wantedIds(request, call, () =>
    [...desk.threads().keys()].map((id) => makeId('T', id)),
  );
  const found = ids.map((id) => {
    const entries = desk.thread(idNumber('T', id) ?? 0);
    return { id, emailIds: entries.map((entry) => makeId('M', entry.id)) };
  });
  return {
    accountId,
    state: desk.state,
    list: found.filter(({ emailIds }) => emailIds.length > 0).map((one) => picked(one, properties)),
    notFound: found.filter(({ emailIds }) => emailIds.length === 0).map(({ id }) => id),
  };
};

/** The store forgets to which conversation a message belonged that is gone: then nothing can be said. */
export const threadChanges: Method = (object, { desk }) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const { sinceState, maxChanges } = parseChanges(args);
  args.done();
  const changes = emailChangesSince(desk, sinceState);
  if (changes.destroyed.length > 0) throw cannotCalculate();
  const isNew = new Set(changes.created);
  const threads = new Set(changes.created.map((id) => desk.entry(id)?.thread ?? 0));
  const [created, updated]: [string[], string[]] = [[], []];
  for (const thread of threads) {
    const all = desk.thread(thread).every(({ id }) => isNew.has(id));
    (all ? created : updated).push(makeId('T', thread));
  }
  checkChanges(created.length + updated.length, maxChanges);
  const states = { oldState: sinceState, newState: desk.state, hasMoreChanges: false };
  return { accountId, ...states, created, updated, destroyed: [] };
};
