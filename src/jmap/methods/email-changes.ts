/** Email/changes (RFC 8621 §4.3). */
import type { Desk } from '../desk.ts';
import { makeId } from '../machine/ids.ts';
import type { Method } from '../service.ts';
import { Arguments } from '../wire/arguments.ts';
import { parseChanges } from '../wire/standard.ts';
import { cannotCalculate, checkChanges } from './shared.ts';

interface Changes {
  readonly created: readonly number[];
  readonly updated: readonly number[];
  readonly destroyed: readonly number[];
}

/** What IMAP has marked as deleted is gone (§4.1.1). Throws cannotCalculateChanges. */
export function emailChangesSince(desk: Desk, state: string): Changes {
  const since = /^\d{1,15}$/.test(state) ? Number(state) : Number.NaN;
  const changes = since <= desk.mail.modSeq ? desk.mail.changesSince(since) : undefined;
  if (!changes) throw cannotCalculate();
  const isThere = (id: number): boolean => desk.entry(id) !== undefined;
  const { created, updated, destroyed } = changes;
  return {
    created: created.filter(isThere),
    updated: updated.filter(isThere),
    destroyed: [...destroyed, ...updated.filter((id) => !isThere(id))],
  };
}

export const emailChanges: Method = (object, { desk }) => {
  const args = new Arguments(object);
  const accountId = args.text('accountId');
  const { sinceState, maxChanges } = parseChanges(args);
  args.done();
  const { created, updated, destroyed } = emailChangesSince(desk, sinceState);
  checkChanges(created.length + updated.length + destroyed.length, maxChanges);
  const ids = (numbers: readonly number[]): string[] => numbers.map((id) => makeId('M', id));
  return {
    accountId,
    oldState: sinceState,
    newState: desk.state,
    hasMoreChanges: false,
    created: ids(created),
    updated: ids(updated),
    destroyed: ids(destroyed),
  };
};
