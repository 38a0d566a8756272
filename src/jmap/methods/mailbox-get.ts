/** Mailbox/get and Mailbox/changes (RFC 8621 §2.1, §2.2). */
import { MAILBOX_PROPERTIES } from '../machine/mailboxes.ts';
import type { Method } from '../service.ts';
import type { JsonObject } from '../types.ts';
import { Arguments } from '../wire/arguments.ts';
import { parseChanges, parseGet } from '../wire/standard.ts';
import { cannotCalculate, checkChanges, picked, wantedIds, wantedProperties } from './shared.ts';

export const mailboxGet: Method = (object, call) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const request = parseGet(args);
  args.done();
  const properties = wantedProperties(request, MAILBOX_PROPERTIES);
  const mailboxes = call.desk.mailboxes();
  const ids = wantedIds(request, call, () => [...mailboxes.keys()]);
  return {
    accountId,
    state: call.desk.mailboxState,
    list: ids.flatMap((id) => {
      const mailbox = mailboxes.get(id);
      return mailbox ? [picked(mailbox, properties)] : [];
    }),
    notFound: ids.filter((id) => !mailboxes.has(id)),
  };
};

const COUNTS = ['totalEmails', 'unreadEmails', 'totalThreads', 'unreadThreads'];

export const mailboxChanges: Method = (object, { desk }) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const { sinceState, maxChanges } = parseChanges(args);
  args.done();
  const newState = desk.mailboxState;
  const now = desk.mailboxes();
  const before = desk.mailboxesAt(sinceState);
  const isSameList = sinceState.split('-')[0] === newState.split('-')[0];
  if (!before && !(isSameList && /^\d+-\d+$/.test(sinceState))) throw cannotCalculate();
  // Counts of long ago are not known: any may be others now.
  const changed = [...now].filter(([id, one]) => {
    const old = before?.get(id);
    return before ? old && !same(old, one, []) : true;
  });
  const created = before ? [...now.keys()].filter((id) => !before.has(id)) : [];
  const destroyed = before ? [...before.keys()].filter((id) => !now.has(id)) : [];
  checkChanges(created.length + changed.length + destroyed.length, maxChanges);
  const onlyCounts =
    !before || changed.every(([id, one]) => same(before.get(id) ?? {}, one, COUNTS));
  return {
    accountId,
    oldState: sinceState,
    newState,
    hasMoreChanges: false,
    created,
    updated: changed.map(([id]) => id),
    destroyed,
    updatedProperties: onlyCounts && changed.length > 0 ? COUNTS : null,
  };
};

function same(a: JsonObject, b: JsonObject, but: readonly string[]): boolean {
  const text = (one: JsonObject): string =>
    JSON.stringify(Object.entries(one).filter(([name]) => !but.includes(name)));
  return text(a) === text(b);
}
