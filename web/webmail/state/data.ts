/** What the page has of the account: mailboxes, messages, conversations. */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type Call, jmap, RequestError } from '../jmap/client.ts';
import type { Email, Identity, Mailbox, SessionInfo, Snippet } from '../jmap/types.ts';

/** Undefined: not known yet; null: nobody is signed in. */
export const session: Signal<SessionInfo | null | undefined> = signal(undefined);
export const mailboxes: Signal<readonly Mailbox[]> = signal([]);
export const identities: Signal<readonly Identity[]> = signal([]);

/** Messages and conversations by id. They are many: who reads them asks for `version` too. */
export const emails: Map<string, Email> = new Map();
export const threads: Map<string, readonly string[]> = new Map();
export const snippets: Map<string, Snippet> = new Map();
export const version: Signal<number> = signal(0);

let emailState = '';

export const mailboxById: ReadonlySignal<ReadonlyMap<string, Mailbox>> = computed(
  () => new Map(mailboxes.value.map((mailbox) => [mailbox.id, mailbox])),
);

export function mailboxOf(role: string): Mailbox | undefined {
  return mailboxes.value.find((mailbox) => mailbox.role === role);
}

export function touch(): void {
  version.value++;
}

export function call(calls: readonly Call[]): Promise<readonly unknown[]> {
  return jmap(session.value?.accountId ?? '', calls);
}

const LIST_PROPERTIES = [
  ...['id', 'threadId', 'mailboxIds', 'keywords', 'from', 'to', 'cc', 'subject', 'receivedAt'],
  ...['preview', 'hasAttachment', 'size'],
];

interface Got<T> {
  readonly state: string;
  readonly list: readonly T[];
  readonly notFound: readonly string[];
}

/** Messages with the whole of their conversations, in one request; in more where the server finds that too large. */
export async function loadThreadsOf(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  try {
    await loadAtOnce(ids);
  } catch (error) {
    if (!(error instanceof RequestError) || error.type !== 'requestTooLarge') throw error;
    const half = Math.ceil(ids.length / 2);
    if (ids.length === 1) {
      await loadNewestOf(ids);
      return;
    }
    // One after the other: the server lets in so many at once.
    await loadThreadsOf(ids.slice(0, half));
    await loadThreadsOf(ids.slice(half));
  }
}

/** Of a conversation that has no end. */
const NEWEST = 500;

async function loadNewestOf(ids: readonly string[]): Promise<void> {
  const resultOf = { resultOf: 'e', name: 'Email/get', path: '/list/*/threadId' };
  const [, { list }] = (await call([
    ['Email/get', { ids, properties: ['threadId'] }, 'e'],
    ['Thread/get', { '#ids': resultOf }],
  ])) as [unknown, Got<{ id: string; emailIds: string[] }>];
  for (const { id, emailIds } of list) {
    const newest = emailIds.slice(-NEWEST);
    const [got] = (await call([['Email/get', { ids: newest, properties: LIST_PROPERTIES }]])) as [
      Got<Email>,
    ];
    keep([{ id, emailIds: newest }], got);
  }
}

function keep(
  gotThreads: readonly { readonly id: string; readonly emailIds: readonly string[] }[],
  { list, state }: Got<Email>,
): void {
  for (const { id, emailIds } of gotThreads) threads.set(id, emailIds);
  for (const email of list) emails.set(email.id, email);
  emailState ||= state;
  touch();
}

async function loadAtOnce(ids: readonly string[]): Promise<void> {
  const of = (resultOf: string, name: string, path: string) => ({ resultOf, name, path });
  const [, gotThreads, gotEmails] = (await call([
    ['Email/get', { ids, properties: ['threadId'] }, 'e'],
    ['Thread/get', { '#ids': of('e', 'Email/get', '/list/*/threadId') }, 't'],
    [
      'Email/get',
      { '#ids': of('t', 'Thread/get', '/list/*/emailIds'), properties: LIST_PROPERTIES },
      'm',
    ],
  ])) as [unknown, Got<{ id: string; emailIds: string[] }>, Got<Email>];
  keep(gotThreads.list, gotEmails);
}

export async function loadMailboxes(): Promise<void> {
  const [boxes, people] = (await call([
    ['Mailbox/get', {}],
    ['Identity/get', {}],
  ])) as [Got<Mailbox>, Got<Identity>];
  mailboxes.value = inOrder(boxes.list);
  identities.value = people.list;
}

/** Special ones first, then by name, each with those within it behind it. */
function inOrder(list: readonly Mailbox[]): readonly Mailbox[] {
  const sorted = [...list].sort(
    (a, b) => a.sortOrder - b.sortOrder || a.name.localeCompare(b.name),
  );
  const within = (parent: string | null): Mailbox[] =>
    sorted
      .filter(({ parentId }) => parentId === parent)
      .flatMap((mailbox) => [mailbox, ...within(mailbox.id)]);
  return within(null);
}

interface Changes {
  readonly newState: string;
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly destroyed: readonly string[];
}

/** What happened since; ids of messages that came. Where it is too long ago, all is forgotten. */
export async function loadChanges(): Promise<readonly string[]> {
  if (emailState === '') return [];
  const [changes] = (await call([['Email/changes', { sinceState: emailState }]]).catch(() => [
    undefined,
  ])) as [Changes | undefined];
  if (!changes) {
    forget();
    return [];
  }
  emailState = changes.newState;
  for (const id of changes.destroyed) dropEmail(id);
  const known = changes.updated.filter((id) => emails.has(id));
  await loadThreadsOf([...changes.created, ...known].slice(0, 500));
  touch();
  return changes.created;
}

export function dropEmail(id: string): void {
  const email = emails.get(id);
  emails.delete(id);
  if (!email) return;
  const rest = (threads.get(email.threadId) ?? []).filter((one) => one !== id);
  if (rest.length === 0) threads.delete(email.threadId);
  else threads.set(email.threadId, rest);
}

export function forget(): void {
  emails.clear();
  threads.clear();
  snippets.clear();
  emailState = '';
  touch();
}

/** The messages of a conversation that belong together here: what is in the trash is seen there only. */
export function threadEmails(threadId: string, mailboxId: string | undefined): readonly Email[] {
  const all = (threads.get(threadId) ?? []).flatMap((id) => emails.get(id) ?? []);
  const hidden = [mailboxOf('trash')?.id, mailboxOf('junk')?.id];
  if (mailboxId !== undefined && hidden.includes(mailboxId)) {
    return all.filter(({ mailboxIds }) => mailboxIds[mailboxId]);
  }
  const shown = all.filter(
    ({ mailboxIds }) => !hidden.some((id) => id !== undefined && mailboxIds[id]),
  );
  return shown.length > 0 ? shown : all;
}
