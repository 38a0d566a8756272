/** SEARCH (RFC 9051 §6.4.4; RETURN of RFC 4731, SAVE of RFC 5182, MODSEQ of RFC 7162 §3.1.5). */
import { hasCode } from '../../lib/errors.ts';
import type { Facts } from '../../mail/index.ts';
import { sleep } from '../../net/index.ts';
import { FACTS_BATCH } from '../defaults.ts';
import { batchOf, matcherOf, type SearchSource } from '../machine/search.ts';
import type { MailboxView } from '../machine/view.ts';
import { ok, type Reply } from '../reply.ts';
import type { ImapSession, Selected } from '../session.ts';
import type { Of, SearchKey, SearchReturn } from '../types.ts';
import { numbersText } from '../wire/sequence-set.ts';

export async function search(
  session: ImapSession,
  { key, uid, returns }: Of<'SEARCH'>,
  tag: string,
): Promise<Reply> {
  const found = await searchIndexes(session, key);
  tellFound(session, { found, key, uid, returns, tag, isSorted: false });
  return ok('SEARCH completed', ghostCode(session, uid));
}

/** RFC 5530 §3: numbers are told that may be nobody's any more. */
export function ghostCode({ selected }: ImapSession, uid: boolean): string | undefined {
  return selected?.view.hasGhosts && !uid ? 'EXPUNGEISSUED' : undefined;
}

/** Indexes of the messages that match, ascending. */
export async function searchIndexes(session: ImapSession, key: SearchKey): Promise<number[]> {
  const { view } = session.selected as Selected;
  if (usesModSeq(key)) session.enable('condstore');
  const source = new Source(session);
  const matches = matcherOf(key, source);
  const batch = batchOf(key);
  const found: number[] = [];
  for (let index = 0; index < view.count; index++) {
    if (index % batch === batch - 1) await sleep(session.shared.host.clock, 0);
    const entry = view.at(index);
    source.index = index;
    if (matches(entry, index) && !view.isGone(entry.uid)) found.push(index);
  }
  return found;
}

function usesModSeq(key: SearchKey): boolean {
  if (key.type === 'and') return key.keys.some(usesModSeq);
  if (key.type === 'or') return usesModSeq(key.left) || usesModSeq(key.right);
  return key.type === 'not' ? usesModSeq(key.key) : key.type === 'modseq';
}

/** The facts of many messages, without keeping others waiting for it. */
export async function factsOf(
  { account, shared }: ImapSession,
  contents: readonly number[],
): Promise<Map<number, Facts>> {
  const all = new Map<number, Facts>();
  for (let at = 0; at < contents.length; at += FACTS_BATCH) {
    if (at > 0) await sleep(shared.host.clock, 0);
    const some = account.facts(contents.slice(at, at + FACTS_BATCH));
    for (const [content, facts] of some) all.set(content, facts);
  }
  return all;
}

/** A session's mailbox, as a search goes through it. */
class Source implements SearchSource {
  /** The message that is asked about. */
  index = 0;
  private readonly session: ImapSession;
  private readonly view: MailboxView;
  private known = new Map<number, Facts>();

  constructor(session: ImapSession) {
    this.session = session;
    this.view = (session.selected as Selected).view;
  }

  /** Asked for together with those that come next: one by one they would take much longer. */
  facts(content: number): Facts | undefined {
    if (!this.known.has(content)) {
      const next = this.view.all().slice(this.index, this.index + FACTS_BATCH);
      this.known = this.session.account.facts(next.map((entry) => entry.content));
    }
    return this.known.get(content);
  }

  message(content: number): ReturnType<SearchSource['message']> {
    try {
      return this.session.account.message(content);
    } catch (error) {
      if (hasCode(error, 'MAIL_GONE')) return undefined;
      throw error;
    }
  }

  candidates(text: string): ReadonlySet<number> | undefined {
    return this.session.account.candidates(text);
  }

  isRecent(uid: number): boolean {
    return this.view.isRecent(uid);
  }

  indexes(set: Of<'COPY'>['set'], uid: boolean): readonly number[] {
    return this.session.indexes(set, uid);
  }
}

export interface Found {
  /** In the order in which they are to be told. */
  readonly found: readonly number[];
  readonly key: SearchKey;
  readonly uid: boolean;
  readonly returns: readonly SearchReturn[] | undefined;
  readonly tag: string;
  readonly isSorted: boolean;
}

/** As SEARCH or SORT of old, or as ESEARCH (RFC 4731 §3.1): IMAP4rev2 knows no other. */
export function tellFound(session: ImapSession, all: Found): void {
  const { found, key, uid, isSorted } = all;
  const { view } = session.selected as Selected;
  const names = found.map((index) => (uid ? view.at(index).uid : index + 1));
  const returns = all.returns ?? (session.has('rev2') && !isSorted ? ['ALL'] : undefined);
  const modSeq = usesModSeq(key) ? highestOf(session, found) : 0;
  if (returns) {
    if (returns.includes('SAVE')) save(session, found, returns);
    // RFC 5182 §2.1: SAVE alone is answered by nothing.
    if (returns.some((one) => one !== 'SAVE')) tellExtended(session, all, names, returns, modSeq);
    return;
  }
  const last = modSeq > 0 && !isSorted ? ` (MODSEQ ${modSeq})` : '';
  const numbers = names.map((n) => ` ${n}`).join('');
  session.out.say(`* ${isSorted ? 'SORT' : 'SEARCH'}${numbers}${last}\r\n`);
}

function tellExtended(
  { out }: ImapSession,
  { uid, tag, isSorted }: Found,
  names: readonly number[],
  returns: readonly SearchReturn[],
  modSeq: number,
): void {
  const parts = [`* ESEARCH (TAG "${tag}")${uid ? ' UID' : ''}`];
  if (names.length > 0) {
    const first = isSorted ? names[0] : min(names);
    const last = isSorted ? names.at(-1) : max(names);
    if (returns.includes('MIN')) parts.push(`MIN ${first}`);
    if (returns.includes('MAX')) parts.push(`MAX ${last}`);
    if (returns.includes('ALL')) parts.push(`ALL ${numbersText(names)}`);
  }
  if (returns.includes('COUNT')) parts.push(`COUNT ${names.length}`);
  if (modSeq > 0) parts.push(`MODSEQ ${modSeq}`);
  out.say(`${parts.join(' ')}\r\n`);
}

function min(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b));
}

function max(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b));
}

function highestOf({ selected }: ImapSession, found: readonly number[]): number {
  const { view } = selected as Selected;
  return found.reduce((most, index) => Math.max(most, view.at(index).modSeq), 0);
}

/** With MIN or MAX and nothing that means all, those are saved (RFC 5182 §2.4). */
function save(
  session: ImapSession,
  found: readonly number[],
  returns: readonly SearchReturn[],
): void {
  const { view } = session.selected as Selected;
  const all = found.map((index) => view.at(index).uid);
  const isAll = returns.includes('ALL') || returns.includes('COUNT');
  const [first, last] = [all[0], all.at(-1)];
  const some = new Set<number>();
  if (returns.includes('MIN') && first !== undefined) some.add(first);
  if (returns.includes('MAX') && last !== undefined) some.add(last);
  const isSome = returns.includes('MIN') || returns.includes('MAX');
  session.saved = isAll || !isSome ? all.toSorted((a, b) => a - b) : [...some];
}
