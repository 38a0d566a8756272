/** What a person does with conversations: shown at once, then done; taken back where it fails. */
import { messageOf } from '../jmap/client.ts';
import type { Email, Mailbox, SetAnswer } from '../jmap/types.ts';
import { texts } from '../texts.ts';
import {
  call,
  dropEmail,
  emails,
  loadMailboxes,
  loadThreadsOf,
  mailboxById,
  mailboxes,
  mailboxOf,
  threadEmails,
  touch,
} from './data.ts';
import {
  cursor,
  emailAt,
  list,
  loadList,
  openRow,
  removeRows,
  selected,
  shownMailbox,
} from './list.ts';
import { complain, tell } from './notices.ts';
import { go, route } from './route.ts';

/** As many as the server takes in one call. */
const AT_ONCE = 500;

function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  );
}

/** Conversations that are chosen, those too that nobody has looked at; else the one that is open, or that the keys are on. */
async function targetThreads(): Promise<readonly string[]> {
  const unknown = [...selected.value].filter((id) => !emails.has(id));
  for (const some of chunks(unknown, AT_ONCE)) await loadThreadsOf(some);
  const chosen = [...selected.value].flatMap((id) => emails.get(id)?.threadId ?? []);
  if (chosen.length > 0) return [...new Set(chosen)];
  const { threadId } = route.value;
  const one = threadId ?? emailAt(cursor.value)?.threadId;
  return one === undefined ? [] : [one];
}

/** Messages that an action on conversations means here: not those that were written and sent, when something is moved. */
function emailsOf(threadIds: readonly string[]): Email[] {
  return threadIds.flatMap((id) => [...threadEmails(id, shownMailbox.value)]);
}

type Patch = Readonly<Record<string, unknown>>;

async function update(patches: ReadonlyMap<string, Patch>): Promise<void> {
  try {
    for (const some of chunks([...patches], AT_ONCE)) {
      const args = { update: Object.fromEntries(some) };
      const [answer] = (await call([['Email/set', args]])) as [SetAnswer];
      const [failed] = Object.values(answer.notUpdated ?? {});
      if (failed) throw new Error(failed.description ?? failed.type);
    }
  } catch (error) {
    complain(messageOf(error));
    await loadThreadsOf([...patches.keys()].slice(0, AT_ONCE));
    await loadList();
  }
}

export async function setKeyword(
  targets: readonly Email[],
  keyword: string,
  on: boolean,
): Promise<void> {
  const changed = targets.filter(({ keywords }) => (keywords[keyword] === true) !== on);
  for (const email of changed) {
    const { [keyword]: _, ...rest } = email.keywords;
    emails.set(email.id, { ...email, keywords: on ? { ...rest, [keyword]: true } : rest });
  }
  touch();
  const patch = { [`keywords/${keyword}`]: on ? true : null };
  await update(new Map(changed.map(({ id }) => [id, patch])));
}

/** Does something with what is meant, and says what goes wrong. */
function withTargets(act: (threadIds: readonly string[]) => void | Promise<void>): void {
  targetThreads()
    .then((threadIds) => (threadIds.length > 0 ? act(threadIds) : undefined))
    .catch((error: unknown) => complain(messageOf(error)));
}

export function mark(isSeen: boolean): void {
  withTargets(async (threadIds) => {
    if (!isSeen && route.value.threadId !== undefined) go({ threadId: undefined });
    await setKeyword(emailsOf(threadIds), '$seen', isSeen);
  });
}

export function starTargets(): void {
  withTargets(star);
}

export function moveTo(target: Mailbox): void {
  withTargets((threadIds) => moveThreads(threadIds, target));
}

/** One star for a conversation: on its newest message; none of it keeps one when it goes. */
export function star(threadIds: readonly string[]): void {
  const all = emailsOf(threadIds);
  const isOn = all.some(({ keywords }) => keywords['$flagged']);
  const targets = isOn ? all : threadIds.flatMap((id) => emailsOf([id]).at(-1) ?? []);
  void setKeyword(targets, '$flagged', !isOn);
}

export async function moveThreads(threadIds: readonly string[], target: Mailbox): Promise<void> {
  const sent = [mailboxOf('sent')?.id, mailboxOf('drafts')?.id];
  const isKept = target.role === 'archive' || target.role === 'inbox' || target.role === null;
  const moved = emailsOf(threadIds).filter(({ mailboxIds }) => {
    if (mailboxIds[target.id]) return false;
    // What one wrote stays where it is when a conversation is put away.
    const isOwn = sent.some(
      (id) => id !== undefined && id !== shownMailbox.value && mailboxIds[id],
    );
    return !(isKept && isOwn);
  });
  if (moved.length === 0) return;
  const before = new Map(moved.map(({ id, mailboxIds }) => [id, mailboxIds]));
  leave(threadIds);
  const placed = place(moved, () => ({ [target.id]: true }));
  // Whoever is quick to regret waits until it is done.
  const undo = (): void => {
    void placed.then(() => place(moved, ({ id }) => before.get(id) ?? {})).then(loadList);
  };
  tell(texts.done.moved(threadIds.length, target.name), undo);
  await placed;
}

async function place(
  moved: readonly Email[],
  to: (email: Email) => Email['mailboxIds'],
): Promise<void> {
  const patches = new Map<string, Patch>();
  for (const { id } of moved) {
    const email = emails.get(id);
    if (!email) continue;
    const mailboxIds = to(email);
    emails.set(id, { ...email, mailboxIds });
    patches.set(id, { mailboxIds });
  }
  touch();
  await update(patches);
}

/** They are not in the list any more; the next one comes in the place of the one that was open. */
function leave(threadIds: readonly string[]): void {
  const gone = new Set(threadIds);
  const rows = list.value.ids.filter((id) => gone.has(emails.get(id)?.threadId ?? ''));
  const wasOpen = route.value.threadId !== undefined && gone.has(route.value.threadId);
  const at = list.value.ids.findIndex((id) => emails.get(id)?.threadId === route.value.threadId);
  removeRows(new Set(rows));
  selected.value = new Set();
  if (!wasOpen) return;
  if (at >= 0 && at < list.value.ids.length && emailAt(at)) openRow(at);
  else go({ threadId: undefined });
}

export function archive(): void {
  const target = mailboxOf('archive');
  if (target) moveTo(target);
}

export function junk(): void {
  const isJunk = shownMailbox.value === mailboxOf('junk')?.id;
  const target = mailboxOf(isJunk ? 'inbox' : 'junk');
  if (target) moveTo(target);
}

/** To the trash; from there for good. */
export function remove(): void {
  const trash = mailboxOf('trash');
  if (!trash) return;
  if (shownMailbox.value === trash.id) withTargets(destroy);
  else moveTo(trash);
}

async function destroy(threadIds: readonly string[]): Promise<void> {
  const ids = emailsOf(threadIds).map(({ id }) => id);
  leave(threadIds);
  for (const id of ids) dropEmail(id);
  touch();
  for (const some of chunks(ids, AT_ONCE)) await call([['Email/set', { destroy: some }]]);
  tell(texts.done.destroyed(ids.length));
}

/** All that is in the trash, or in junk. */
export async function empty(mailbox: Mailbox): Promise<void> {
  try {
    const args = { filter: { inMailbox: mailbox.id } };
    const [{ ids }] = (await call([['Email/query', args]])) as [{ ids: string[] }];
    for (const some of chunks(ids, AT_ONCE)) await call([['Email/set', { destroy: some }]]);
    tell(texts.done.destroyed(ids.length));
  } catch (error) {
    complain(messageOf(error));
  }
}

export async function createMailbox(
  name: string,
  parentId: string | null,
): Promise<string | undefined> {
  return setMailbox({ create: { new: { name, parentId } } });
}

export async function renameMailbox(id: string, name: string): Promise<string | undefined> {
  return setMailbox({ update: { [id]: { name } } });
}

export async function deleteMailbox(id: string): Promise<string | undefined> {
  const why = await setMailbox({ destroy: [id], onDestroyRemoveEmails: true });
  if (why === undefined && shownMailbox.value === id)
    go({ mailboxId: undefined, threadId: undefined });
  return why;
}

/** What is wrong, if anything is. */
async function setMailbox(args: Patch): Promise<string | undefined> {
  try {
    const [answer] = (await call([['Mailbox/set', args]])) as [SetAnswer];
    const failures = { ...answer.notCreated, ...answer.notUpdated, ...answer.notDestroyed };
    const [failed] = Object.values(failures);
    await loadMailboxes();
    return failed?.description;
  } catch (error) {
    return messageOf(error);
  }
}

/** Where conversations may be moved to from here. */
export function moveTargets(): readonly Mailbox[] {
  return mailboxes.value.filter(({ id, role }) => id !== shownMailbox.value && role !== 'drafts');
}

export function mailboxPath({ name, parentId }: Mailbox): string {
  const parent = mailboxById.value.get(parentId ?? '');
  return parent ? `${mailboxPath(parent)}/${name}` : name;
}
