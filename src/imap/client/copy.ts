/** COPY and MOVE (RFC 9051 §6.4.7, §6.4.8). */
import type { SequenceSet } from '../types.ts';
import { commandPieces } from '../wire/command.ts';
import { numbersOf, type Placed } from './append.ts';
import type { ClientSession } from './session.ts';

/** Where messages went: `from` and `uids` in the same order. */
export interface Copied extends Placed {
  readonly from: readonly number[];
}

/** Undefined where the server does not tell. */
export async function copy(
  session: ClientSession,
  name: 'COPY' | 'MOVE',
  set: SequenceSet,
  path: string,
  byNumber: boolean,
): Promise<Copied | undefined> {
  let code: string | undefined;
  const command = { name, uid: !byNumber, set, mailbox: path } as const;
  const end = await session.run(commandPieces(command, session.utf8), (response) => {
    if (response.type === 'status') code = response.responseCode ?? code;
    return response.type === 'status';
  });
  const [told = ''] = [code, end.responseCode].filter((one) =>
    one?.toUpperCase().startsWith('COPYUID'),
  );
  const [, uidValidity, from = '', to = ''] = told.split(' ');
  if (from === '') return undefined;
  return { uidValidity: Number(uidValidity), from: numbersOf(from), uids: numbersOf(to) };
}
