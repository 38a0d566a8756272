/** STORE (RFC 9051 §6.4.6), with UNCHANGEDSINCE (RFC 7162 §3.1.3). */
import type { SequenceSet, StoreHow } from '../types.ts';
import { commandPieces } from '../wire/command.ts';
import type { FetchedMessage } from '../wire/fetch-response.ts';
import { numbersOf } from './append.ts';
import type { ClientSession } from './session.ts';

export interface StoreOptions {
  /** The messages are named by number. Default: by UID. */
  readonly byNumber?: boolean;
  /** Do not tell the flags. */
  readonly silent?: boolean;
  /** Leave those alone that were changed after this. */
  readonly unchangedSince?: number;
}

export interface Stored {
  /** As they are now; those of others too that were told meanwhile. */
  readonly messages: readonly FetchedMessage[];
  /** Left alone: they were changed by others. */
  readonly modified: readonly number[];
}

export async function store(
  session: ClientSession,
  set: SequenceSet,
  how: StoreHow,
  flags: readonly string[],
  { byNumber = false, silent = false, unchangedSince }: StoreOptions,
): Promise<Stored> {
  const messages: FetchedMessage[] = [];
  const since = unchangedSince === undefined ? {} : { unchangedSince };
  const command = { name: 'STORE', uid: !byNumber, set, how, silent, flags, ...since } as const;
  const end = await session.run(commandPieces(command), (response) => {
    if (response.type !== 'fetch') return false;
    messages.push(response.message);
    return true;
  });
  const [name, modified = ''] = end.responseCode?.split(' ') ?? [];
  const isModified = name?.toUpperCase() === 'MODIFIED';
  return { messages, modified: isModified ? numbersOf(modified) : [] };
}
