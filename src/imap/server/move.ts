/** MOVE (RFC 9051 §6.4.8). */
import { ok, type Reply } from '../reply.ts';
import type { ImapSession, Selected } from '../session.ts';
import type { Of } from '../types.ts';
import { TRY_CREATE } from './append.ts';
import { copyCode, uidsOf } from './copy.ts';
import { expungeCode, READ_ONLY } from './expunge.ts';

export async function move(
  session: ImapSession,
  { set, uid, mailbox }: Of<'MOVE'>,
): Promise<Reply> {
  const { folder, readOnly } = session.selected as Selected;
  if (readOnly) return READ_ONLY;
  const target = session.account.folder(mailbox);
  if (!target?.selectable) return TRY_CREATE;
  const uids = uidsOf(session, set, uid);
  const result = await session.account.move(folder, uids, target, { by: session });
  // RFC 9051 §6.4.8: COPYUID comes before the messages go.
  const code = copyCode(target, result);
  if (code !== undefined) session.out.say(`* OK [${code}] Moved\r\n`);
  return ok('MOVE completed', expungeCode(session, result.from.length > 0));
}
