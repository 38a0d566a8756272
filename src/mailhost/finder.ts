/** Finds the message that is meant, and waits for it. */
import { type Deferred, deferred } from '../lib/deferred.ts';
import {
  type Facts,
  type MailAccount,
  type MailStore,
  type MessageEntry,
  type Person,
  searchTexts,
} from '../mail/index.ts';
import type { Clock } from '../net/index.ts';
import type { FoundMessage, MessageQuery } from './types.ts';

/** The newest first. */
export function* findMessages(store: MailStore, query: MessageQuery): Generator<FoundMessage> {
  for (const account of accountsOf(store, query)) {
    for (const { path, id } of account.folders()) {
      const folder = account.folder(path);
      if (!folder || folder.id !== id || !folder.selectable) continue;
      if (query.folder !== undefined && !same(path, query.folder)) continue;
      const entries = account.entries(folder).toReversed();
      const facts = account.facts(entries.map(({ content }) => content));
      for (const entry of entries) {
        const known = facts.get(entry.content);
        if (known && matches(account, entry, known, query)) {
          yield { account: account.account.name, folder: path, entry };
        }
      }
    }
  }
}

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** One that is there already, or the first that comes; undefined when none does in time. */
export async function waitForMessage(
  clock: Clock,
  store: MailStore,
  query: MessageQuery,
  { timeoutMs, signal }: WaitOptions,
): Promise<FoundMessage | undefined> {
  const [known] = findMessages(store, query);
  if (known) return known;
  const found: Deferred<FoundMessage | undefined> = deferred();
  const give = (): void => found.resolve(undefined);
  const stop = watch(store, query, found.resolve);
  const timer = clock.setTimer(timeoutMs, give);
  signal?.addEventListener('abort', give);
  try {
    return await found.promise;
  } finally {
    stop();
    timer.cancel();
    signal?.removeEventListener('abort', give);
  }
}

/** All accounts: the one that is meant may be made only when mail comes for it. */
function watch(
  store: MailStore,
  query: MessageQuery,
  found: (message: FoundMessage) => void,
): () => void {
  return store.watch((account, change) => {
    if (change.type !== 'messages') return;
    const wanted = query.account === undefined ? account : store.account(query.account);
    if (wanted?.id !== account.id) return;
    const opened = store.open(account);
    const folder = opened.folders().find(({ id }) => id === change.folder)?.path ?? '';
    if (query.folder !== undefined && !same(folder, query.folder)) return;
    const ids = change.added.map(({ content }) => content);
    // One that is gone again already is not there.
    const facts = opened.facts(ids);
    const entry = change.added.find((one) => {
      const known = facts.get(one.content);
      return known && matches(opened, one, known, query);
    });
    if (entry) found({ account: account.name, folder, entry });
  });
}

function accountsOf(store: MailStore, { account }: MessageQuery): MailAccount[] {
  if (account !== undefined) {
    const one = store.account(account);
    return one ? [store.open(one)] : [];
  }
  return store.accounts().map((one) => store.open(one));
}

function matches(
  account: MailAccount,
  { content, received }: MessageEntry,
  facts: Facts,
  { messageId, from, to, subject, since, text, header }: MessageQuery,
): boolean {
  if (since !== undefined && received < since) return false;
  if (messageId !== undefined && facts.messageId !== messageId.replace(/^<|>$/g, '')) return false;
  if (from !== undefined && !facts.from.some((person) => isLike(person, from))) return false;
  if (to !== undefined && ![...facts.to, ...facts.cc].some((person) => isLike(person, to))) {
    return false;
  }
  if (subject !== undefined && !includes(facts.subject, subject)) return false;
  if (text === undefined && header === undefined) return true;
  const texts = searchTexts(account.message(content));
  return includes(texts.body, text ?? '') && includes(texts.header, header ?? '');
}

function isLike({ name, address }: Person, wanted: string): boolean {
  return includes(address, wanted) || includes(name, wanted);
}

function includes(text: string, wanted: string): boolean {
  return text.toLowerCase().includes(wanted.toLowerCase());
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
