/** What can be done with the conversations that are chosen. */
import type { JSX } from 'preact';
import { iconOf } from '../frame/folders.tsx';
import { IconButton } from '../parts/icons.tsx';
import { Menu, MenuItem } from '../parts/menu.tsx';
import {
  archive,
  empty,
  junk,
  mailboxPath,
  mark,
  moveTargets,
  moveTo,
  remove,
} from '../state/actions.ts';
import { mailboxById } from '../state/data.ts';
import { list, selected, shownMailbox } from '../state/list.ts';
import { refresh } from '../state/live.ts';
import { MOVE_ID } from '../state/ui.ts';
import { texts } from '../texts.ts';

const words = texts.actions;

export function ListBar(): JSX.Element {
  const { ids } = list.value;
  const count = selected.value.size;
  const isAll = count > 0 && count === ids.length;
  const selectAll = (): void => {
    selected.value = isAll ? new Set() : new Set(ids);
  };
  return (
    <div class="list-bar" role="toolbar" aria-label={texts.list.label}>
      <input
        type="checkbox"
        aria-label={texts.list.selectAll}
        title={texts.list.selectAll}
        checked={isAll}
        disabled={ids.length === 0}
        indeterminate={count > 0 && !isAll}
        onChange={selectAll}
      />
      {count > 0 ? (
        <>
          <span class="soft chosen-count" role="status">
            {texts.list.chosen(count)}
          </span>
          <Actions />
        </>
      ) : (
        <Quiet />
      )}
    </div>
  );
}

function Quiet(): JSX.Element {
  const mailbox = mailboxById.value.get(shownMailbox.value ?? '');
  const isDump = mailbox?.role === 'trash' || mailbox?.role === 'junk';
  return (
    <>
      <IconButton icon="refresh" label={texts.list.refresh} onClick={() => void refresh()} />
      <span class="grow" />
      {mailbox && isDump && list.value.total > 0 && (
        <button type="button" class="button small" onClick={() => void empty(mailbox)}>
          {texts.list.emptyTrash}
        </button>
      )}
    </>
  );
}

/** Of those that are chosen, or of the one that is open. */
export function Actions({ ofOpen = false }: { ofOpen?: boolean }): JSX.Element {
  const role = mailboxById.value.get(shownMailbox.value ?? '')?.role;
  return (
    <>
      {role !== 'archive' && <IconButton icon="archive" label={words.archive} onClick={archive} />}
      <IconButton
        icon="trash"
        label={role === 'trash' ? words.removeForGood : words.remove}
        onClick={remove}
      />
      <IconButton icon="junk" label={role === 'junk' ? words.notJunk : words.junk} onClick={junk} />
      <IconButton icon="unread" label={words.unread} onClick={() => mark(false)} />
      {!ofOpen && <IconButton icon="read" label={words.read} onClick={() => mark(true)} />}
      <MoveMenu ofOpen={ofOpen} />
    </>
  );
}

function MoveMenu({ ofOpen }: { ofOpen: boolean }): JSX.Element {
  // There are two of them while a conversation is open and others are chosen: the key opens the one of the list.
  const isKeyed = !ofOpen || selected.value.size === 0;
  return (
    <Menu icon="move" label={words.move} {...(isKeyed && { id: MOVE_ID })}>
      {moveTargets().map((mailbox) => (
        <MenuItem key={mailbox.id} icon={iconOf(mailbox)} onClick={() => moveTo(mailbox)}>
          {mailboxPath(mailbox)}
        </MenuItem>
      ))}
    </Menu>
  );
}
