/** The keys of the page. */
import { move, moveInConversation, select, step, togglePause } from '../state/actions.ts';
import { moveInLetters } from '../state/mail.ts';
import { moveInWalk, togglePlay } from '../state/names.ts';
import type { PageName } from '../state/route.ts';
import { dialog, page, rows, selectedId } from '../state/store.ts';
import { FILTER_ID } from './filter-box.tsx';

/** What the platform does with a key in these is left to it. */
const WRITING = 'input, textarea, select, dialog, [popover]';
const PRESSED = 'button, a, summary, [role="treeitem"]';

function focusFilter(): void {
  const box = document.getElementById(FILTER_ID);
  if (box instanceof HTMLInputElement) {
    box.focus();
    box.select();
  }
}

function ends(index: number): void {
  const id = rows.value.messages.at(index)?.id;
  if (id !== undefined) select(id);
}

type Keys = Readonly<Record<string, () => void>>;

const EVERYWHERE: Keys = {
  ' ': togglePause,
  '/': focusFilter,
  '?': () => {
    dialog.value = { name: 'help' };
  },
  l: () => {
    dialog.value = { name: 'load' };
  },
};

const LADDER: Keys = {
  ...EVERYWHERE,
  '.': step,
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  PageDown: () => move(12),
  PageUp: () => move(-12),
  Home: () => ends(0),
  End: () => ends(-1),
  ']': () => moveInConversation(1),
  '[': () => moveInConversation(-1),
};

/** What moves depends on what is looked at: the ladder, or the walk. */
const KEYS: Readonly<Record<PageName, Keys>> = {
  internet: LADDER,
  names: {
    ...EVERYWHERE,
    j: () => moveInWalk(1),
    k: () => moveInWalk(-1),
    ArrowRight: () => moveInWalk(1),
    ArrowLeft: () => moveInWalk(-1),
    p: togglePlay,
  },
  web: LADDER,
  mail: { ...EVERYWHERE, j: () => moveInLetters(1), k: () => moveInLetters(-1) },
};

function onKey(event: KeyboardEvent): void {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (!(target instanceof Element)) return;
  if (key === 'Escape') closeWhatIsOpen(target);
  if (target.closest(WRITING)) return;
  if (target.closest(PRESSED) && (key === ' ' || key === 'Enter')) return;
  const keys = KEYS[page.value];
  const action = Object.hasOwn(keys, key) ? keys[key] : undefined;
  if (!action) return;
  event.preventDefault();
  action();
}

/** Dialogs and popovers close by themselves. */
function closeWhatIsOpen(target: Element): void {
  if (target.closest('dialog, [popover]') || document.querySelector(':popover-open')) return;
  if (target.id === FILTER_ID && target instanceof HTMLElement) target.blur();
  else if (selectedId.value !== undefined) select(undefined);
}

/** Listens until the returned function is called. */
export function listenToKeys(): () => void {
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}
