/** The keys of the page, as people know them from elsewhere. */

import { answerNewest } from '../reading/opened.ts';
import { archive, junk, mark, remove, starTargets } from '../state/actions.ts';
import { mailboxOf } from '../state/data.ts';
import { closeThread, cursor, emailAt, list, openRow, selected } from '../state/list.ts';
import { undoLast } from '../state/notices.ts';
import { go, route } from '../state/route.ts';
import { dialog, LIST_ID, MOVE_ID, SEARCH_ID, showsFolders } from '../state/ui.ts';
import { write } from '../writing/compose.ts';

/** What the platform does with a key in these is left to it. */
const WRITING =
  'input:not([type="checkbox"]), textarea, select, dialog, [popover], [contenteditable]';
const PRESSED = 'button, a, summary, input';

function move(step: number): void {
  const next = Math.max(0, Math.min(list.value.ids.length - 1, cursor.value + step));
  if (route.value.threadId === undefined) cursor.value = next;
  else if (emailAt(next)) openRow(next);
}

function focus(id: string): void {
  const element = document.getElementById(id);
  element?.focus();
  if (element instanceof HTMLInputElement) element.select();
}

export function toggleSelected(id: string | undefined): void {
  if (id === undefined) return;
  const next = new Set(selected.value);
  if (!next.delete(id)) next.add(id);
  selected.value = next;
}

const KEYS: Readonly<Record<string, () => void>> = {
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  o: () => openRow(cursor.value),
  Enter: () => openRow(cursor.value),
  u: closeThread,
  x: () => toggleSelected(list.value.ids[cursor.value]),
  e: archive,
  '#': remove,
  Delete: remove,
  '!': junk,
  s: starTargets,
  U: () => mark(false),
  I: () => mark(true),
  c: () => write(),
  r: () => answerNewest('reply'),
  a: () => answerNewest('replyAll'),
  f: () => answerNewest('forward'),
  v: () => document.getElementById(MOVE_ID)?.click(),
  z: undoLast,
  '/': () => focus(SEARCH_ID),
  '?': () => {
    dialog.value = { name: 'help' };
  },
};

const PLACES: Readonly<Record<string, string>> = {
  i: 'inbox',
  s: 'sent',
  d: 'drafts',
  a: 'archive',
  t: 'trash',
};
const AFTER_G_MS = 1_200;
let pressedG = 0;

function onKey(event: KeyboardEvent): void {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (!(target instanceof Element)) return;
  if (key === 'Escape') closeWhatIsOpen(target);
  if (target.closest(WRITING)) return;
  if (target.closest(PRESSED) && (key === ' ' || key === 'Enter')) return;
  if (goesSomewhere(event)) return;
  const action = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
  if (!action) return;
  event.preventDefault();
  action();
}

/** `g i`: to the inbox. */
function goesSomewhere(event: KeyboardEvent): boolean {
  const isAfterG = event.timeStamp - pressedG < AFTER_G_MS && pressedG > 0;
  pressedG = event.key === 'g' ? event.timeStamp : 0;
  const role = isAfterG ? PLACES[event.key] : undefined;
  const id = role === undefined ? undefined : mailboxOf(role)?.id;
  if (id === undefined) return false;
  event.preventDefault();
  go({ mailboxId: id, search: '', threadId: undefined });
  return true;
}

/** Dialogs and popovers close by themselves. */
function closeWhatIsOpen(target: Element): void {
  if (target.closest('dialog, [popover]') || document.querySelector(':popover-open')) return;
  if (target.id === SEARCH_ID) focus(LIST_ID);
  else if (target.closest('.composer')) return;
  else if (showsFolders.value) showsFolders.value = false;
  else if (selected.value.size > 0) selected.value = new Set();
  else if (route.value.threadId !== undefined) closeThread();
}

/** Listens until the returned function is called. */
export function listenToKeys(): () => void {
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}
