/** What a server says (RFC 9051 §7), as a client reads it. */
import { FOUND_LIMIT, THREAD_DEPTH_LIMIT } from '../defaults.ts';
import { badResponse, ImapError } from '../errors.ts';
import type { NumberRange, Status, StatusItem } from '../types.ts';
import { ASTRING_CHARS, TAG_CHARS } from './ascii.ts';
import { skipValue } from './body-structure.ts';
import { type FetchedMessage, parseFetchResponse } from './fetch-response.ts';
import { type IdFields, parseIdFields } from './id.ts';
import { decoded, Scanner } from './scanner.ts';
import { parseRanges } from './sequence-set.ts';
import { isStatusItem } from './status.ts';
import type { Unit } from './unit-reader.ts';

export interface StatusResponse {
  readonly type: 'status';
  /** Undefined where it answers no command. */
  readonly tag: string | undefined;
  readonly status: Status;
  /** What stands in brackets, as it stands: `UIDNEXT 4392`. */
  readonly responseCode: string | undefined;
  readonly text: string;
}

export interface ListedMailbox {
  readonly path: string;
  /** `\HasChildren`, `\Sent`, ... */
  readonly attributes: readonly string[];
  /** Null where names have no parts. */
  readonly delimiter: string | null;
  /** It was renamed from this (RFC 9051 §6.3.9.6). */
  readonly oldName?: string;
  /** Names below it match by this (RFC 5258 §3.5). */
  readonly childInfo?: readonly string[];
}

export type MailboxStatus = { readonly path: string } & {
  readonly [item in StatusItem]?: number;
};

export interface SearchResult {
  readonly tag?: string;
  readonly uid?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly count?: number;
  readonly modSeq?: number;
  /** In the order in which they came. */
  readonly all?: readonly number[];
}

/** A message (undefined where only its answers are there) and what follows it. */
export interface ThreadNode {
  readonly message: number | undefined;
  readonly children: readonly ThreadNode[];
}

export interface QuotaResource {
  readonly name: string;
  readonly used: number;
  readonly limit: number;
}

export interface NamespaceEntry {
  readonly prefix: string;
  readonly delimiter: string | null;
}

export type Response =
  | StatusResponse
  | { readonly type: 'continuation'; readonly text: string }
  | { readonly type: 'capability' | 'enabled'; readonly names: readonly string[] }
  | { readonly type: 'flags'; readonly flags: readonly string[] }
  | { readonly type: 'exists' | 'recent' | 'expunge'; readonly number: number }
  | { readonly type: 'vanished'; readonly earlier: boolean; readonly uids: readonly NumberRange[] }
  | { readonly type: 'fetch'; readonly message: FetchedMessage }
  | { readonly type: 'list' | 'lsub'; readonly mailbox: ListedMailbox }
  | { readonly type: 'mailbox-status'; readonly mailbox: MailboxStatus }
  | { readonly type: 'search' | 'sort'; readonly result: SearchResult }
  | { readonly type: 'thread'; readonly threads: readonly ThreadNode[] }
  | {
      readonly type: 'namespace';
      readonly personal: readonly NamespaceEntry[];
      readonly others: readonly NamespaceEntry[];
      readonly shared: readonly NamespaceEntry[];
    }
  | { readonly type: 'id'; readonly fields: IdFields }
  | { readonly type: 'quota'; readonly root: string; readonly resources: readonly QuotaResource[] }
  | { readonly type: 'quotaroot'; readonly mailbox: string; readonly roots: readonly string[] }
  /** Of an extension that is not known here. */
  | { readonly type: 'other'; readonly name: string; readonly text: string };

/** Throws ImapError. `utf8`: names of mailboxes are in UTF-8. */
export function parseResponse(
  unit: Unit,
  { utf8 = false }: { readonly utf8?: boolean } = {},
): Response {
  if (unit.fault) throw badResponse(`A response with a line that is ${unit.fault}`);
  try {
    return readResponse(unit, utf8);
  } catch (error) {
    // What is written wrongly is so in responses as in commands; the fault is the server's.
    if (error instanceof ImapError) throw badResponse(error.message, error.offset);
    throw error;
  }
}

function readResponse(unit: Unit, utf8: boolean): Response {
  const scanner = new Scanner(unit, { utf8 });
  if (scanner.accept('+')) {
    scanner.accept(' ');
    return { type: 'continuation', text: decoded(unit.text.slice(scanner.at)) };
  }
  if (!scanner.accept('* ')) {
    const tag = scanner.run(TAG_CHARS, 'a tag, "*" or "+"');
    scanner.space();
    return parseStatusLine(scanner, tag, scanner.word('OK, NO or BAD'));
  }
  if (/\d/.test(scanner.peek)) return parseNumbered(scanner);
  const name = scanner.word('a response');
  if (isStatus(name)) return parseStatusLine(scanner, undefined, name);
  const parse = Object.hasOwn(PARSERS, name) ? PARSERS[name] : undefined;
  const response = parse?.(scanner) ?? { type: 'other', name, text: rest(scanner).trimStart() };
  // Some servers leave a space behind what they say.
  while (scanner.accept(' '));
  scanner.end();
  return response;
}

function rest(scanner: Scanner): string {
  const text = decoded(scanner.text.slice(scanner.at));
  scanner.at = scanner.text.length;
  return text;
}

function isStatus(word: string): word is Status {
  return /^(?:OK|NO|BAD|PREAUTH|BYE)$/.test(word);
}

function parseStatusLine(
  scanner: Scanner,
  tag: string | undefined,
  status: string,
): StatusResponse {
  if (!isStatus(status)) throw scanner.fault('OK, NO or BAD');
  // The text must be there by the grammar, and is not always.
  scanner.accept(' ');
  let responseCode: string | undefined;
  const end = scanner.peek === '[' ? scanner.text.indexOf(']', scanner.at) : -1;
  if (end > 0) {
    responseCode = decoded(scanner.text.slice(scanner.at + 1, codeEnd(scanner.text, scanner.at)));
    scanner.at += responseCode.length + 2;
    scanner.accept(' ');
  }
  return { type: 'status', tag, status, responseCode, text: rest(scanner) };
}

/** A bracket in quotes ends no code; flags in PERMANENTFLAGS may hold one. */
function codeEnd(text: string, start: number): number {
  let depth = 0;
  let isQuoted = false;
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at];
    if (character === '"') isQuoted = !isQuoted;
    else if (character === '\\' && isQuoted) at++;
    else if (isQuoted) continue;
    else if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === ']' && depth <= 0) return at;
  }
  return text.indexOf(']', start);
}

function parseNumbered(scanner: Scanner): Response {
  const number = scanner.number();
  scanner.space();
  const name = scanner.word('a response');
  switch (name) {
    case 'EXISTS':
    case 'RECENT':
    case 'EXPUNGE':
      return { type: name.toLowerCase() as 'exists', number };
    case 'FETCH':
      scanner.space();
      return { type: 'fetch', message: parseFetchResponse(scanner, number) };
  }
  return { type: 'other', name, text: `${number}${rest(scanner)}` };
}

type Parse = (scanner: Scanner) => Response;

const PARSERS: Readonly<Record<string, Parse>> = {
  CAPABILITY: (scanner) => ({ type: 'capability', names: words(scanner) }),
  ENABLED: (scanner) => ({ type: 'enabled', names: words(scanner) }),
  FLAGS: (scanner) => {
    scanner.space();
    return { type: 'flags', flags: scanner.flags() };
  },
  LIST: (scanner) => ({ type: 'list', mailbox: parseListed(scanner) }),
  LSUB: (scanner) => ({ type: 'lsub', mailbox: parseListed(scanner) }),
  STATUS: parseMailboxStatus,
  SEARCH: (scanner) => ({ type: 'search', result: parseNumbers(scanner) }),
  SORT: (scanner) => ({ type: 'sort', result: parseNumbers(scanner) }),
  ESEARCH: (scanner) => ({ type: 'search', result: parseESearch(scanner) }),
  THREAD: (scanner) => ({
    type: 'thread',
    threads: scanner.accept(' ') ? parseThreads(scanner) : [],
  }),
  VANISHED: parseVanished,
  NAMESPACE: parseNamespace,
  ID: (scanner) => {
    scanner.space();
    return { type: 'id', fields: parseIdFields(scanner) };
  },
  QUOTA: parseQuota,
  QUOTAROOT: (scanner) => {
    scanner.space();
    const mailbox = scanner.mailbox();
    const roots: string[] = [];
    while (scanner.accept(' ')) roots.push(scanner.astring());
    return { type: 'quotaroot', mailbox, roots };
  },
};

function words(scanner: Scanner): string[] {
  const names: string[] = [];
  while (scanner.accept(' ')) if (!scanner.atEnd) names.push(scanner.run(ASTRING_CHARS, 'a name'));
  return names;
}

function parseListed(scanner: Scanner): ListedMailbox {
  scanner.space();
  const attributes = scanner.flags();
  scanner.space();
  const delimiter = scanner.nstring();
  scanner.space();
  const path = scanner.mailbox();
  const more: { oldName?: string; childInfo?: string[] } = {};
  if (scanner.accept(' ')) {
    scanner.list(() => {
      const name = scanner.astring().toUpperCase();
      scanner.space();
      if (name === 'OLDNAME') more.oldName = scanner.list(() => scanner.mailbox())[0] ?? '';
      else if (name === 'CHILDINFO') more.childInfo = scanner.list(() => scanner.astring());
      else skipValue(scanner);
    }, 0);
  }
  return { path, attributes, delimiter, ...more };
}

function parseMailboxStatus(scanner: Scanner): Response {
  scanner.space();
  const mailbox: { path: string } & { [item in StatusItem]?: number } = { path: scanner.mailbox() };
  scanner.space();
  scanner.list(() => {
    const name = scanner.word('an item');
    scanner.space();
    if (!isStatusItem(name) || !/\d/.test(scanner.peek)) skipValue(scanner);
    else mailbox[name] = scanner.number64();
  }, 0);
  return { type: 'mailbox-status', mailbox };
}

/** Numbers in a row, and MODSEQ behind them (RFC 7162 §3.1.5). */
function parseNumbers(scanner: Scanner): SearchResult {
  const all: number[] = [];
  let modSeq: number | undefined;
  while (scanner.accept(' ')) {
    if (scanner.accept('(')) {
      if (!scanner.acceptWord('MODSEQ')) throw scanner.fault('MODSEQ');
      scanner.space();
      modSeq = scanner.number64();
      scanner.expect(')');
    } else if (!scanner.atEnd) all.push(scanner.number());
  }
  return { all, ...(modSeq !== undefined && { modSeq }) };
}

/** RFC 9051 §7.3.4. */
function parseESearch(scanner: Scanner): SearchResult {
  const result: { -readonly [key in keyof SearchResult]: SearchResult[key] } = {};
  while (scanner.accept(' ')) {
    if (scanner.accept('(')) {
      if (!scanner.acceptWord('TAG')) throw scanner.fault('TAG');
      scanner.space();
      result.tag = scanner.string();
      scanner.expect(')');
      continue;
    }
    const name = scanner.word('a result');
    if (name === 'UID') {
      result.uid = true;
      continue;
    }
    scanner.space();
    if (name === 'MIN') result.min = scanner.number();
    else if (name === 'MAX') result.max = scanner.number();
    else if (name === 'COUNT') result.count = scanner.number();
    else if (name === 'MODSEQ') result.modSeq = scanner.number64();
    else if (name === 'ALL') result.all = expanded(scanner);
    else skipValue(scanner);
  }
  return result;
}

function expanded(scanner: Scanner): number[] {
  const numbers: number[] = [];
  for (const [from, to] of parseRanges(scanner)) {
    if (numbers.length + to - from > FOUND_LIMIT) throw tooMany(scanner);
    for (let n = from; n <= to; n++) numbers.push(n);
  }
  return numbers;
}

function tooMany(scanner: Scanner): ImapError {
  return badResponse('More messages were found than there can be', scanner.at);
}

/** `(2)(3 6 (4 23)(44 7 96))`: deep threads are lists without parentheses, so that this needs no stack for them. */
function parseThreads(scanner: Scanner, depth = 0): ThreadNode[] {
  if (depth > THREAD_DEPTH_LIMIT)
    throw badResponse('Threads within threads without end', scanner.at);
  const threads: ThreadNode[] = [];
  while (scanner.accept('(')) {
    const chain: number[] = [];
    while (/\d/.test(scanner.peek)) {
      chain.push(scanner.number());
      if (!scanner.accept(' ')) break;
    }
    let children = parseThreads(scanner, depth + 1);
    scanner.expect(')');
    if (chain.length === 0) threads.push({ message: undefined, children });
    for (let i = chain.length - 1; i >= 0; i--) {
      const node: ThreadNode = { message: chain[i], children };
      if (i === 0) threads.push(node);
      children = [node];
    }
  }
  return threads;
}

function parseVanished(scanner: Scanner): Response {
  scanner.space();
  const earlier = scanner.accept('(EARLIER) ');
  return { type: 'vanished', earlier, uids: parseRanges(scanner) };
}

function parseNamespace(scanner: Scanner): Response {
  const part = (): NamespaceEntry[] => {
    scanner.space();
    return parseNamespaceEntries(scanner);
  };
  return { type: 'namespace', personal: part(), others: part(), shared: part() };
}

function parseNamespaceEntries(scanner: Scanner): NamespaceEntry[] {
  if (scanner.acceptWord('NIL')) return [];
  scanner.expect('(');
  const entries: NamespaceEntry[] = [];
  while (!scanner.accept(')')) {
    scanner.expect('(');
    const prefix = scanner.mailbox('a prefix');
    scanner.space();
    const delimiter = scanner.nstring();
    while (scanner.accept(' ')) skipValue(scanner);
    scanner.expect(')');
    entries.push({ prefix, delimiter });
  }
  return entries;
}

function parseQuota(scanner: Scanner): Response {
  scanner.space();
  const root = scanner.astring();
  scanner.space();
  const resources = scanner.list(() => {
    const name = scanner.word('a resource');
    scanner.space();
    const used = scanner.number64();
    scanner.space();
    return { name, used, limit: scanner.number64() };
  }, 0);
  return { type: 'quota', root, resources };
}
