/** FETCH (RFC 9051 §6.4.5). */
import { UsageError } from '../../lib/errors.ts';
import type { FetchItem, SequenceSet } from '../types.ts';
import { commandPieces } from '../wire/command.ts';
import { parseSection } from '../wire/fetch.ts';
import type { FetchedMessage } from '../wire/fetch-response.ts';
import { Scanner } from '../wire/scanner.ts';
import type { ClientSession } from './session.ts';

/** What is wanted of messages. */
export interface FetchWish {
  readonly flags?: boolean;
  readonly received?: boolean;
  readonly size?: boolean;
  readonly envelope?: boolean;
  readonly structure?: boolean;
  readonly modSeq?: boolean;
  /** The whole message: `bodies` has it under `BODY[]`. */
  readonly body?: boolean;
  /** `HEADER`, `1.2`, `HEADER.FIELDS (SUBJECT)`: under `BODY[HEADER]`, ... */
  readonly sections?: readonly string[];
  /** Parts without their transfer encoding: under `BINARY[1.2]`. */
  readonly decoded?: readonly string[];
  /** Octets of `body`, `sections` and `decoded`. */
  readonly range?: { readonly offset: number; readonly length: number };
  /** Say that the messages were read. Default: no. */
  readonly markSeen?: boolean;
}

export interface FetchOptions {
  /** The messages are named by number. Default: by UID. */
  readonly byNumber?: boolean;
  /** Only what was changed after this (RFC 7162 §3.1.4). */
  readonly changedSince?: number;
}

/** Messages as they come. Flags that others change meanwhile are among them: they have no more than that. */
export async function* fetch(
  session: ClientSession,
  set: SequenceSet,
  wish: FetchWish,
  { byNumber = false, changedSince }: FetchOptions,
): AsyncGenerator<FetchedMessage, void, void> {
  const command = {
    name: 'FETCH',
    uid: !byNumber,
    set,
    items: itemsOf(wish),
    ...(changedSince !== undefined && { changedSince }),
  } as const;
  for await (const response of session.converse(commandPieces(command))) {
    if (response.type === 'fetch') yield response.message;
    else session.news(response);
  }
}

/** Throws UsageError. */
export function itemsOf(wish: FetchWish): FetchItem[] {
  const peek = !wish.markSeen;
  const partial = wish.range && { partial: wish.range };
  const section = (text: string): FetchItem => ({
    type: 'BODY[]',
    peek,
    section: sectionOf(text),
    ...partial,
  });
  const items: FetchItem[] = [{ type: 'UID' }];
  if (wish.flags) items.push({ type: 'FLAGS' });
  if (wish.received) items.push({ type: 'INTERNALDATE' });
  if (wish.size) items.push({ type: 'RFC822.SIZE' });
  if (wish.envelope) items.push({ type: 'ENVELOPE' });
  if (wish.structure) items.push({ type: 'BODYSTRUCTURE' });
  if (wish.modSeq) items.push({ type: 'MODSEQ' });
  if (wish.body) items.push(section(''));
  for (const text of wish.sections ?? []) items.push(section(text));
  for (const part of wish.decoded ?? []) items.push({ type: 'BINARY[]', peek, part, ...partial });
  return items;
}

function sectionOf(text: string): ReturnType<typeof parseSection> {
  try {
    const scanner = new Scanner({ text: `[${text}]`, literals: [] });
    const section = parseSection(scanner);
    scanner.end();
    return section;
  } catch (cause) {
    throw new UsageError(`a section is such as 1.2, HEADER or 1.MIME, not ${text}`, { cause });
  }
}
