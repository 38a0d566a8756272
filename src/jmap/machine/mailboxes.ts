/** Folders as the mailboxes of RFC 8621 §2: a name and a parent in place of a path. */
import type { Folder, MessageEntry, SpecialUse } from '../../mail/index.ts';
import type { Json, JsonObject } from '../types.ts';
import { HIDDEN } from '../wire/keywords.ts';
import { makeId } from './ids.ts';

export interface Counts {
  readonly totalEmails: number;
  readonly unreadEmails: number;
  readonly totalThreads: number;
  readonly unreadThreads: number;
}

export const NO_COUNTS: Counts = {
  totalEmails: 0,
  unreadEmails: 0,
  totalThreads: 0,
  unreadThreads: 0,
};

const ROLES: Readonly<Record<SpecialUse, string>> = {
  '\\Archive': 'archive',
  '\\Drafts': 'drafts',
  '\\Junk': 'junk',
  '\\Sent': 'sent',
  '\\Trash': 'trash',
};

/** As people are used to see them. */
const ORDER = ['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash'];

export function roleOf({ path, specialUse }: Folder): string | null {
  if (path === 'INBOX') return 'inbox';
  return specialUse === undefined ? null : ROLES[specialUse];
}

export function useOf(role: string): SpecialUse | undefined {
  return (Object.keys(ROLES) as SpecialUse[]).find((use) => ROLES[use] === role);
}

export function nameOf({ path }: Folder): string {
  return path === 'INBOX' ? 'Inbox' : path.slice(path.lastIndexOf('/') + 1);
}

export function parentPath(path: string): string | undefined {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? undefined : path.slice(0, cut);
}

export function parentOf(folder: Folder, folders: readonly Folder[]): Folder | undefined {
  const path = parentPath(folder.path);
  return path === undefined ? undefined : folders.find((one) => one.path === path);
}

export function sortOrderOf(folder: Folder): number {
  const at = ORDER.indexOf(roleOf(folder) ?? '');
  return at < 0 ? 100 : at + 1;
}

/** All properties of a mailbox. */
export function mailboxObject(
  folder: Folder,
  folders: readonly Folder[],
  counts: Counts,
): JsonObject {
  const parent = parentOf(folder, folders);
  return {
    id: makeId('F', folder.id),
    name: nameOf(folder),
    parentId: parent ? makeId('F', parent.id) : null,
    role: roleOf(folder),
    sortOrder: sortOrderOf(folder),
    ...counts,
    myRights: rightsOf(folder),
    isSubscribed: folder.subscribed,
  };
}

export const MAILBOX_PROPERTIES: readonly string[] = [
  'id',
  'name',
  'parentId',
  'role',
  'sortOrder',
  'totalEmails',
  'unreadEmails',
  'totalThreads',
  'unreadThreads',
  'myRights',
  'isSubscribed',
];

/** The account is the person's own: all is allowed, but what would break INBOX. */
function rightsOf({ path, selectable }: Folder): Json {
  const isInbox = path === 'INBOX';
  return {
    mayReadItems: selectable,
    mayAddItems: selectable,
    mayRemoveItems: selectable,
    maySetSeen: selectable,
    maySetKeywords: selectable,
    mayCreateChild: true,
    mayRename: !isInbox,
    mayDelete: !isInbox,
    maySubmit: selectable,
  };
}

export function isUnread({ flags }: MessageEntry): boolean {
  return !flags.includes('\\Seen') && !flags.includes('\\Draft');
}

export function isVisible({ flags }: MessageEntry): boolean {
  return !flags.includes(HIDDEN);
}

/** Of all folders at once: an unread message anywhere but in the trash makes its conversation unread (§2). */
export function countsOf(
  entries: readonly MessageEntry[],
  trash: number | undefined,
): ReadonlyMap<number, Counts> {
  const [unread, unreadInTrash] = [new Set<number>(), new Set<number>()];
  for (const entry of entries) {
    if (isUnread(entry)) (entry.folder === trash ? unreadInTrash : unread).add(entry.thread);
  }
  const counts = new Map<number, Counts>();
  for (const [folder, own] of Map.groupBy(entries, (entry) => entry.folder)) {
    const threads = new Set(own.map(({ thread }) => thread));
    const among = folder === trash ? unreadInTrash : unread;
    let unreadThreads = 0;
    for (const thread of threads) if (among.has(thread)) unreadThreads++;
    counts.set(folder, {
      totalEmails: own.length,
      unreadEmails: own.filter(isUnread).length,
      totalThreads: threads.size,
      unreadThreads,
    });
  }
  return counts;
}
