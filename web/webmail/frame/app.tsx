/** The whole page: signed out, or in three panes. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useMedia } from '../../src/parts/hooks.ts';
import { ListPane } from '../list/pane.tsx';
import { Reader } from '../reading/reader.tsx';
import { mailboxById, mailboxes, mailboxOf, session } from '../state/data.ts';
import { shownMailbox } from '../state/list.ts';
import { route } from '../state/route.ts';
import { showsFolders } from '../state/ui.ts';
import { texts } from '../texts.ts';
import { compose } from '../writing/compose.ts';
import { Composer } from '../writing/composer.tsx';
import { Dialogs } from './dialogs.tsx';
import { Folders } from './folders.tsx';
import { listenToKeys } from './keys.ts';
import { Notices } from './notices.tsx';
import { SignIn } from './sign-in.tsx';
import { TopBar } from './top-bar.tsx';

/** There is room for the list and the message side by side. */
export const WIDE = '(min-width: 1000px)';

export function App(): JSX.Element {
  if (session.value === undefined) return <p class="waiting">{texts.frame.loading}</p>;
  return session.value === null ? (
    <>
      <SignIn />
      <Notices />
    </>
  ) : (
    <Mail />
  );
}

function Mail(): JSX.Element {
  const isWide = useMedia(WIDE);
  const isOpen = route.value.threadId !== undefined;
  useEffect(listenToKeys, []);
  useTitle();
  return (
    <div class={isWide ? 'mail wide' : 'mail'}>
      <TopBar />
      <Folders />
      {showsFolders.value && (
        <button
          type="button"
          class="shade"
          aria-label={texts.done.close}
          onClick={() => {
            showsFolders.value = false;
          }}
        />
      )}
      {(isWide || !isOpen) && <ListPane />}
      {(isWide || isOpen) && <Reader isMain={!isWide} />}
      {compose.value && <Composer />}
      <Notices />
      <Dialogs />
    </div>
  );
}

function useTitle(): void {
  const { search } = route.value;
  const folder = mailboxById.value.get(shownMailbox.value ?? '');
  const unread = mailboxOf('inbox')?.unreadThreads ?? 0;
  const name = search === '' ? (folder?.name ?? '') : search;
  const title = texts.title(name, unread, session.value?.address ?? '');
  useEffect(() => {
    if (mailboxes.value.length > 0) document.title = title;
  }, [title]);
}
