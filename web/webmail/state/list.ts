/** The list that is shown: ids of all of it, and what is known of those in sight. */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { messageOf } from '../jmap/client.ts';
import type { Email, Filter, Snippet } from '../jmap/types.ts';
import {
  call,
  emails,
  loadThreadsOf,
  mailboxById,
  mailboxes,
  mailboxOf,
  snippets,
  threads,
  touch,
  version,
} from './data.ts';
import { go, route } from './route.ts';
import { parseSearch } from './search.ts';

export interface List {
  /** Which folder or search it is of. */
  readonly key: string;
  /** The newest message of each conversation that fits. */
  readonly ids: readonly string[];
  readonly total: number;
  readonly state: 'loading' | 'ready' | 'failed';
  readonly why: string;
}

const NONE: List = { key: '', ids: [], total: 0, state: 'loading', why: '' };

export const list: Signal<List> = signal(NONE);
/** The row that the keys are on. */
export const cursor: Signal<number> = signal(0);
export const selected: Signal<ReadonlySet<string>> = signal(new Set());

const SORT = [{ property: 'receivedAt', isAscending: false }];

/** More than anybody scrolls through; the rest is found by search. */
const MOST = 10_000;

export const filter: ReadonlySignal<Filter | undefined> = computed(() => {
  const { mailboxId, search } = route.value;
  if (search !== '') return searchFilter(search);
  const id = mailboxId ?? mailboxOf('inbox')?.id;
  return id === undefined ? undefined : { inMailbox: id };
});

/** The same text for the same filter, however often mailboxes are loaded. */
export const filterKey: ReadonlySignal<string | undefined> = computed(() =>
  JSON.stringify(filter.value),
);

/** Not in the trash nor in junk, unless that is asked for. */
function searchFilter(search: string): Filter {
  const find = (name: string): string | undefined =>
    mailboxes.value.find((one) => one.name.toLowerCase() === name.toLowerCase())?.id;
  const made = parseSearch(search, find);
  if (JSON.stringify(made).includes('inMailbox')) return made;
  const hidden = [mailboxOf('trash')?.id, mailboxOf('junk')?.id].filter((id) => id !== undefined);
  return { operator: 'AND', conditions: [made, { inMailboxOtherThan: hidden }] };
}

/** The mailbox that is shown; undefined in a search. */
export const shownMailbox: ReadonlySignal<string | undefined> = computed(() => {
  const { mailboxId, search } = route.value;
  if (search !== '') return undefined;
  return mailboxById.value.has(mailboxId ?? '') ? mailboxId : mailboxOf('inbox')?.id;
});

/** Asks for the list anew. One that is on its way already is as good. */
export async function loadList(): Promise<void> {
  const wanted = filter.value;
  if (!wanted) return;
  const key = JSON.stringify(wanted);
  if (list.value.key !== key) {
    list.value = { ...NONE, key };
    cursor.value = 0;
    selected.value = new Set();
    snippets.clear();
  }
  try {
    const args = {
      filter: wanted,
      sort: SORT,
      collapseThreads: true,
      limit: MOST,
      calculateTotal: true,
    };
    const [{ ids, total }] = (await call([['Email/query', args]])) as [
      { ids: string[]; total: number },
    ];
    if (JSON.stringify(filter.value) !== key) return;
    list.value = { key, ids, total, state: 'ready', why: '' };
    keepInSight();
  } catch (error) {
    list.value = { ...list.value, state: 'failed', why: messageOf(error) };
  }
}

/** What was chosen and is gone is not chosen any more. */
function keepInSight(): void {
  const { ids } = list.value;
  const there = new Set(ids);
  const kept = [...selected.value].filter((id) => there.has(id));
  if (kept.length !== selected.value.size) selected.value = new Set(kept);
  cursor.value = Math.max(0, Math.min(cursor.value, ids.length - 1));
}

const asked = new Set<string>();

/** Rows that came into sight. */
export async function loadRows(ids: readonly string[]): Promise<void> {
  const missing = ids.filter((id) => !asked.has(id) && !isKnown(id));
  if (missing.length === 0) return;
  for (const id of missing) asked.add(id);
  try {
    await loadThreadsOf(missing);
    if (route.value.search !== '') await loadSnippets(missing);
  } finally {
    for (const id of missing) asked.delete(id);
  }
}

function isKnown(id: string): boolean {
  const email = emails.get(id);
  return (
    email !== undefined &&
    threads.has(email.threadId) &&
    (route.value.search === '' || snippets.has(id))
  );
}

async function loadSnippets(emailIds: readonly string[]): Promise<void> {
  const args = { filter: filter.value, emailIds };
  const [{ list: found }] = (await call([['SearchSnippet/get', args]])) as [{ list: Snippet[] }];
  for (const snippet of found) snippets.set(snippet.emailId, snippet);
  touch();
}

export function emailAt(index: number): Email | undefined {
  version.value;
  return emails.get(list.value.ids[index] ?? '');
}

export function openRow(index: number): void {
  cursor.value = index;
  const email = emailAt(index);
  if (email) go({ threadId: email.threadId });
}

export function closeThread(): void {
  go({ threadId: undefined });
}

/** Takes conversations out of the list before the server has said so. */
export function removeRows(ids: ReadonlySet<string>): void {
  const { ids: before, total } = list.value;
  const rest = before.filter((id) => !ids.has(id));
  list.value = { ...list.value, ids: rest, total: total - (before.length - rest.length) };
  keepInSight();
}
