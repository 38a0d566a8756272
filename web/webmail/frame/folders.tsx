/** The folders, with what is new in each. */
import type { JSX } from 'preact';
import type { Mailbox } from '../jmap/types.ts';
import { Icon, IconButton, type IconName } from '../parts/icons.tsx';
import { Menu, MenuItem } from '../parts/menu.tsx';
import { mailboxById, mailboxes } from '../state/data.ts';
import { shownMailbox } from '../state/list.ts';
import { hashOf } from '../state/route.ts';
import { dialog, showsFolders } from '../state/ui.ts';
import { texts } from '../texts.ts';
import { write } from '../writing/compose.ts';

const words = texts.folders;

const ICONS: Readonly<Record<string, IconName>> = {
  inbox: 'inbox',
  drafts: 'drafts',
  sent: 'sent',
  archive: 'archive',
  junk: 'junk',
  trash: 'trash',
};

export function iconOf({ role }: Mailbox): IconName {
  return ICONS[role ?? ''] ?? 'folder';
}

export function Folders(): JSX.Element {
  const special = mailboxes.value.filter(({ role }) => role !== null);
  const own = mailboxes.value.filter(({ role }) => role === null);
  const compose = (): void => {
    showsFolders.value = false;
    write();
  };
  const add = (): void => {
    dialog.value = { name: 'folder', rename: undefined, parent: undefined };
  };
  return (
    <nav class={showsFolders.value ? 'folders open' : 'folders'} aria-label={texts.frame.folders}>
      <button type="button" class="button main compose-button" onClick={compose}>
        <Icon name="drafts" />
        {texts.frame.compose}
      </button>
      <ul>
        {special.map((mailbox) => (
          <Folder key={mailbox.id} mailbox={mailbox} />
        ))}
      </ul>
      <div class="own">
        <h2 class="cap">{words.own}</h2>
        <IconButton icon="plus" label={words.add} onClick={add} />
      </div>
      <ul>
        {own.map((mailbox) => (
          <Folder key={mailbox.id} mailbox={mailbox} />
        ))}
      </ul>
    </nav>
  );
}

const DEPTHS = 5;

function depthOf({ parentId }: Mailbox): number {
  const parent = mailboxById.value.get(parentId ?? '');
  return parent ? Math.min(DEPTHS, depthOf(parent) + 1) : 0;
}

function Folder({ mailbox }: { mailbox: Mailbox }): JSX.Element {
  const { id, name, role, unreadThreads, totalEmails } = mailbox;
  const isDrafts = role === 'drafts';
  const isQuiet = role === 'sent' || role === 'trash';
  const count = isDrafts ? totalEmails : isQuiet ? 0 : unreadThreads;
  const isHere = shownMailbox.value === id;
  const to = { mailboxId: id, search: '', threadId: undefined };
  return (
    <li class={`folder depth-${depthOf(mailbox)}`}>
      <a
        href={hashOf(to)}
        aria-current={isHere ? 'page' : undefined}
        class={count > 0 && !isDrafts ? 'fresh' : ''}
        onClick={() => {
          showsFolders.value = false;
        }}
      >
        <Icon name={iconOf(mailbox)} />
        <span class="name">{name}</span>
        {count > 0 && (
          <span class="count">
            {count.toLocaleString('en-US')}
            <span class="unseen"> {isDrafts ? words.drafts(count) : words.unread(count)}</span>
          </span>
        )}
      </a>
      {role === null && <FolderMenu mailbox={mailbox} />}
    </li>
  );
}

function FolderMenu({ mailbox }: { mailbox: Mailbox }): JSX.Element {
  return (
    <Menu icon="more" label={words.more(mailbox.name)} class="folder-more">
      <MenuItem
        icon="plus"
        onClick={() => {
          dialog.value = { name: 'folder', rename: undefined, parent: mailbox };
        }}
      >
        {words.addWithin}
      </MenuItem>
      <MenuItem
        icon="drafts"
        onClick={() => {
          dialog.value = { name: 'folder', rename: mailbox, parent: undefined };
        }}
      >
        {words.rename}
      </MenuItem>
      <MenuItem
        icon="trash"
        onClick={() => {
          dialog.value = { name: 'remove-folder', mailbox };
        }}
      >
        {words.remove}
      </MenuItem>
    </Menu>
  );
}
