/** COPY (RFC 9051 §6.4.7). */
import type { CopyResult, Folder } from '../../mail/index.ts';
import { ok, type Reply } from '../reply.ts';
import type { ImapSession, Selected } from '../session.ts';
import type { Of } from '../types.ts';
import { numbersText } from '../wire/sequence-set.ts';
import { TRY_CREATE } from './append.ts';

export async function copy(
  session: ImapSession,
  { set, uid, mailbox }: Of<'COPY'>,
): Promise<Reply> {
  const { folder } = session.selected as Selected;
  const target = session.account.folder(mailbox);
  if (!target?.selectable) return TRY_CREATE;
  const result = await session.account.copy(folder, uidsOf(session, set, uid), target);
  return ok('COPY completed', copyCode(target, result));
}

export function uidsOf(session: ImapSession, set: Of<'COPY'>['set'], uid: boolean): number[] {
  const { view } = session.selected as Selected;
  return session.indexes(set, uid).map((index) => view.at(index).uid);
}

/** COPYUID (RFC 9051 §7.1); undefined where nothing was copied. */
export function copyCode({ uidValidity }: Folder, { from, to }: CopyResult): string | undefined {
  if (from.length === 0) return undefined;
  const [source, target] = [from, to].map((list) => numbersText(list.map(({ uid }) => uid)));
  return `COPYUID ${uidValidity} ${source} ${target}`;
}
