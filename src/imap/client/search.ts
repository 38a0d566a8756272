/** SEARCH (RFC 9051 §6.4.4), SORT and THREAD (RFC 5256). */
import type {
  SearchKey,
  SearchReturn,
  SortCriterion,
  SortField,
  ThreadAlgorithm,
} from '../types.ts';
import { commandPieces } from '../wire/command.ts';
import type { SearchResult, ThreadNode } from '../wire/response.ts';
import { type Messages, toSet } from './numbers.ts';
import type { ClientSession } from './session.ts';

/** What is looked for: all that is said must be true. */
export interface SearchQuery {
  /** Anywhere in the message. */
  readonly text?: string;
  readonly body?: string;
  readonly subject?: string;
  readonly from?: string;
  readonly to?: string;
  readonly cc?: string;
  readonly header?: readonly [name: string, text: string];
  readonly seen?: boolean;
  readonly answered?: boolean;
  readonly flagged?: boolean;
  readonly deleted?: boolean;
  readonly draft?: boolean;
  readonly keyword?: string;
  /** Days, in milliseconds since 1970: of the arrival, or with `sent` of the Date. */
  readonly since?: number;
  readonly before?: number;
  readonly on?: number;
  readonly sentSince?: number;
  readonly sentBefore?: number;
  readonly sentOn?: number;
  readonly larger?: number;
  readonly smaller?: number;
  readonly uids?: Messages;
  readonly changedSince?: number;
  readonly or?: readonly SearchQuery[];
  readonly not?: SearchQuery;
}

export interface SearchOptions {
  /** Give numbers. Default: UIDs. */
  readonly byNumber?: boolean;
  /** Ask for these instead of a list (RFC 4731). */
  readonly returns?: readonly SearchReturn[];
}

const DAY_MS = 86_400_000;

const FLAGS = ['seen', 'answered', 'flagged', 'deleted', 'draft'] as const;
const FIELDS = ['subject', 'from', 'to', 'cc'] as const;

/** Throws UsageError. */
export function keyOf(query: SearchQuery): SearchKey {
  const keys: SearchKey[] = [...flagKeys(query), ...dayKeys(query), ...textKeys(query)];
  if (query.larger !== undefined) keys.push({ type: 'larger', size: query.larger });
  if (query.smaller !== undefined) keys.push({ type: 'smaller', size: query.smaller });
  if (query.uids !== undefined) keys.push({ type: 'uids', set: toSet(query.uids) });
  if (query.changedSince !== undefined)
    keys.push({ type: 'modseq', modSeq: query.changedSince + 1 });
  const choices = query.or?.map(keyOf);
  if (choices?.length) keys.push(choices.reduce((left, right) => ({ type: 'or', left, right })));
  if (query.not) keys.push({ type: 'not', key: keyOf(query.not) });
  const [first = { type: 'all' }] = keys;
  return keys.length < 2 ? first : { type: 'and', keys };
}

function* flagKeys(query: SearchQuery): Generator<SearchKey> {
  for (const name of FLAGS) {
    const wanted = query[name];
    if (wanted === undefined) continue;
    const key: SearchKey = {
      type: 'flag',
      flag: `\\${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    };
    yield wanted ? key : { type: 'not', key };
  }
  if (query.keyword !== undefined) yield { type: 'flag', flag: query.keyword };
}

function* dayKeys(query: SearchQuery): Generator<SearchKey> {
  const days = [
    ['since', false, query.since],
    ['before', false, query.before],
    ['on', false, query.on],
    ['since', true, query.sentSince],
    ['before', true, query.sentBefore],
    ['on', true, query.sentOn],
  ] as const;
  for (const [type, sent, at] of days) {
    if (at !== undefined) yield { type, sent, day: Math.floor(at / DAY_MS) * DAY_MS };
  }
}

function* textKeys(query: SearchQuery): Generator<SearchKey> {
  for (const name of FIELDS) {
    const text = query[name];
    if (text !== undefined) yield { type: 'header', field: name.toUpperCase(), text };
  }
  const [field, value] = query.header ?? [];
  if (field !== undefined && value !== undefined) yield { type: 'header', field, text: value };
  if (query.text !== undefined) yield { type: 'text', text: query.text };
  if (query.body !== undefined) yield { type: 'body', text: query.body };
}

/** ESEARCH or SEARCH, whichever the server says. */
export async function search(
  session: ClientSession,
  key: SearchKey,
  { byNumber = false, returns }: SearchOptions,
): Promise<SearchResult> {
  const command = { name: 'SEARCH', uid: !byNumber, returns, key } as const;
  let result: SearchResult = returns ? {} : { all: [] };
  await session.run(commandPieces(command), (response) => {
    if (response.type !== 'search') return false;
    result = { ...result, ...response.result };
    return true;
  });
  return result;
}

/** `'DATE'`, `'-DATE'` for the latest first. */
export type SortBy = SortField | `-${SortField}`;

export async function sort(
  session: ClientSession,
  by: readonly SortBy[],
  key: SearchKey,
  { byNumber = false }: SearchOptions,
): Promise<readonly number[]> {
  const criteria = by.map(
    (one): SortCriterion => ({
      field: one.replace('-', '') as SortField,
      reverse: one.startsWith('-'),
    }),
  );
  let all: readonly number[] = [];
  const command = { name: 'SORT', uid: !byNumber, returns: undefined, criteria, key } as const;
  await session.run(commandPieces(command), (response) => {
    if (response.type !== 'sort') return false;
    all = response.result.all ?? [];
    return true;
  });
  return all;
}

export async function thread(
  session: ClientSession,
  algorithm: ThreadAlgorithm,
  key: SearchKey,
  { byNumber = false }: SearchOptions,
): Promise<readonly ThreadNode[]> {
  let threads: readonly ThreadNode[] = [];
  const command = { name: 'THREAD', uid: !byNumber, algorithm, key } as const;
  await session.run(commandPieces(command), (response) => {
    if (response.type !== 'thread') return false;
    threads = response.threads;
    return true;
  });
  return threads;
}
