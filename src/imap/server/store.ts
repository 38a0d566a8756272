/** STORE (RFC 9051 §6.4.6), with UNCHANGEDSINCE (RFC 7162 §3.1.3). */
import { settableFlags } from '../machine/flags.ts';
import { ok, type Reply } from '../reply.ts';
import type { ImapSession, Selected } from '../session.ts';
import type { Of } from '../types.ts';
import { numbersText } from '../wire/sequence-set.ts';
import { READ_ONLY } from './expunge.ts';

export async function store(session: ImapSession, command: Of<'STORE'>): Promise<Reply> {
  const { folder, view, readOnly } = session.selected as Selected;
  const { set, uid, how, silent, unchangedSince } = command;
  if (readOnly) return READ_ONLY;
  if (unchangedSince !== undefined) session.enable('condstore');
  const flags = settableFlags(command.flags);
  const indexes = session.indexes(set, uid);
  const uids = indexes.map((index) => view.at(index).uid);
  const { changed, modified } = await session.account.changeFlags(folder, uids, how, flags, {
    by: session,
    ...(unchangedSince !== undefined && { unchangedSince }),
  });
  view.apply({ added: [], changed, removed: [] }, true);
  const left = new Set(modified);
  const news = new Set(changed.map((entry) => entry.uid));
  for (const index of indexes) {
    const entry = view.at(index);
    if (left.has(entry.uid) || view.isGone(entry.uid)) continue;
    // Silence is about flags; the mod-sequence is told to who counts with it.
    if (!silent) session.tellFlags(index + 1, entry, uid);
    else if (news.has(entry.uid) && session.has('condstore')) {
      session.tellFlags(index + 1, entry, uid, true);
    }
  }
  const names = indexes.filter((index) => left.has(view.at(index).uid));
  const failed = names.map((index) => (uid ? view.at(index).uid : index + 1));
  if (failed.length > 0) {
    return ok('Some were changed by others', `MODIFIED ${numbersText(failed)}`);
  }
  return ok('STORE completed', view.hasGhosts && !uid ? 'EXPUNGEISSUED' : undefined);
}
