/** The conversation that is read: its messages with their texts. */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { messageOf } from '../jmap/client.ts';
import type { Email, OpenedEmail } from '../jmap/types.ts';
import { setKeyword } from '../state/actions.ts';
import { call, loadThreadsOf, threadEmails, threads, version } from '../state/data.ts';
import { shownMailbox } from '../state/list.ts';
import { complain } from '../state/notices.ts';
import { route } from '../state/route.ts';
import { editDraft, forwardEmail, reply } from '../writing/compose.ts';
import { CONTENT_TYPE } from './flowed.ts';

const PROPERTIES = [
  ...['id', 'blobId', 'threadId', 'mailboxIds', 'keywords', 'from', 'to', 'cc', 'bcc', 'replyTo'],
  ...[
    'subject',
    'receivedAt',
    'sentAt',
    'preview',
    'hasAttachment',
    'size',
    'messageId',
    'inReplyTo',
  ],
  ...['references', 'textBody', 'htmlBody', 'attachments', 'bodyValues'],
];

const PART_PROPERTIES = [
  ...['partId', 'blobId', 'type', 'name', 'size', 'cid', 'disposition'],
  CONTENT_TYPE,
];

/** A text beyond that is for a program to read. */
const TEXT_BYTES = 500_000;

/** Messages never change but for their keywords and places, which are read elsewhere. */
const texts: Map<string, OpenedEmail> = new Map();
const textVersion: Signal<number> = signal(0);
/** Those that are not folded. */
export const unfolded: Signal<ReadonlySet<string>> = signal(new Set());
export const failure: Signal<string> = signal('');

export const threadShown: ReadonlySignal<readonly Email[]> = computed(() => {
  version.value;
  const { threadId } = route.value;
  return threadId === undefined ? [] : threadEmails(threadId, shownMailbox.value);
});

export function openedEmail(id: string): OpenedEmail | undefined {
  textVersion.value;
  return texts.get(id);
}

/** What was opened once is kept: it costs little, and going back is quick. */
export async function loadTexts(ids: readonly string[]): Promise<void> {
  const missing = ids.filter((id) => !texts.has(id));
  if (missing.length === 0) return;
  const bodies = {
    bodyProperties: PART_PROPERTIES,
    fetchTextBodyValues: true,
    fetchHTMLBodyValues: true,
    maxBodyValueBytes: TEXT_BYTES,
  };
  const [{ list }] = (await call([
    ['Email/get', { ids: missing, properties: PROPERTIES, ...bodies }],
  ])) as [{ list: OpenedEmail[] }];
  for (const email of list) texts.set(email.id, email);
  textVersion.value++;
}

/** Opens what is unread, and the newest; what is shown counts as read. */
export async function openThread(threadId: string): Promise<void> {
  failure.value = '';
  try {
    if (!threads.has(threadId)) await loadThread(threadId);
    const shown = threadEmails(threadId, shownMailbox.value);
    const unread = shown.filter(({ keywords }) => !keywords['$seen']);
    const last = shown.at(-1);
    unfolded.value = new Set([...unread, ...(last ? [last] : [])].map(({ id }) => id));
    await loadTexts([...unfolded.value]);
    if (route.value.threadId === threadId) await setKeyword(unread, '$seen', true);
  } catch (error) {
    failure.value = messageOf(error);
  }
}

async function loadThread(threadId: string): Promise<void> {
  const [{ list }] = (await call([['Thread/get', { ids: [threadId] }]])) as [
    { list: { emailIds: string[] }[] },
  ];
  await loadThreadsOf((list[0]?.emailIds ?? []).slice(0, 1));
}

export function toggle(id: string): void {
  const next = new Set(unfolded.value);
  if (!next.delete(id)) {
    next.add(id);
    loadTexts([id]).catch((error: unknown) => complain(messageOf(error)));
  }
  unfolded.value = next;
}

export function unfoldAll(): void {
  const ids = threadShown.value.map(({ id }) => id);
  unfolded.value = new Set(ids);
  loadTexts(ids).catch((error: unknown) => complain(messageOf(error)));
}

export type Answer = 'reply' | 'replyAll' | 'forward' | 'edit';

export async function answer(id: string, how: Answer): Promise<void> {
  try {
    // Who types on at once types into the answer.
    if (!texts.has(id)) await loadTexts([id]);
  } catch (error) {
    complain(messageOf(error));
  }
  const email = texts.get(id);
  if (!email) return;
  if (how === 'edit') editDraft(email);
  else if (how === 'forward') forwardEmail(email);
  else reply(email, how === 'replyAll');
}

/** By key: the newest message that is no draft. */
export function answerNewest(how: Answer): void {
  const newest = threadShown.value.findLast(({ keywords }) => !keywords['$draft']);
  if (newest) void answer(newest.id, how);
}
