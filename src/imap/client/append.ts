/** APPEND, one message or several (RFC 9051 §6.3.12, RFC 3502). */
import { appendPieces } from '../wire/append.ts';
import type { StatusResponse } from '../wire/response.ts';
import { Scanner } from '../wire/scanner.ts';
import { parseRanges } from '../wire/sequence-set.ts';
import type { ClientSession } from './session.ts';

export interface NewMessage {
  /** Lines end with CR LF. */
  readonly octets: Uint8Array;
  readonly flags?: readonly string[];
  /** INTERNALDATE, in milliseconds since 1970. */
  readonly received?: number;
}

/** UIDs of messages that were put somewhere; undefined where the server does not tell. */
export interface Placed {
  readonly uidValidity: number;
  readonly uids: readonly number[];
}

export async function append(
  session: ClientSession,
  path: string,
  messages: readonly NewMessage[],
): Promise<Placed | undefined> {
  const { capabilities, utf8 } = session;
  if (messages.length < 2 || capabilities.has('MULTIAPPEND')) {
    return appended(await session.run(appendPieces(path, messages, utf8)));
  }
  const uids: number[] = [];
  let uidValidity = 0;
  for (const message of messages) {
    const placed = appended(await session.run(appendPieces(path, [message], utf8)));
    uids.push(...(placed?.uids ?? []));
    uidValidity = placed?.uidValidity ?? 0;
  }
  return uids.length === 0 ? undefined : { uidValidity, uids };
}

function appended({ responseCode = '' }: StatusResponse): Placed | undefined {
  const [name, uidValidity, uids = ''] = responseCode.split(' ');
  if (name?.toUpperCase() !== 'APPENDUID') return undefined;
  return { uidValidity: Number(uidValidity), uids: numbersOf(uids) };
}

/** `3:5,9` as numbers, in its order. */
export function numbersOf(text: string): number[] {
  const ranges = parseRanges(new Scanner({ text, literals: [] }));
  const numbers: number[] = [];
  for (const [from, to] of ranges) {
    if (to - from > 1_000_000) break;
    for (let n = from; n <= to; n++) numbers.push(n);
  }
  return numbers;
}
