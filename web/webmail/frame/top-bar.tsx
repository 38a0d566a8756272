/** Above everything: search, and who is signed in. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { theme, toggleTheme } from '../../src/state/theme.ts';
import { Icon, IconButton } from '../parts/icons.tsx';
import { session } from '../state/data.ts';
import { liveState } from '../state/live.ts';
import { go, route } from '../state/route.ts';
import { leave } from '../state/start.ts';
import { dialog, SEARCH_ID, showsFolders } from '../state/ui.ts';
import { texts } from '../texts.ts';

const words = texts.frame;

export function TopBar(): JSX.Element {
  const isDark = theme.value === 'dark';
  return (
    <header class="top">
      <IconButton
        icon="menu"
        class="narrow-only"
        label={words.showFolders}
        onClick={() => {
          showsFolders.value = !showsFolders.value;
        }}
      />
      <span class="mark">
        top<i>layer</i>
        <small>mail</small>
      </span>
      <Search />
      {liveState.value === 'lost' && (
        <span class="state off" role="status">
          <i class="lamp out" />
          {words.lost}
        </span>
      )}
      <span class="grow" />
      <span class="who">{session.value?.address}</span>
      <button
        type="button"
        class="icon"
        aria-label={isDark ? words.toLight : words.toDark}
        title={isDark ? words.toLight : words.toDark}
        onClick={toggleTheme}
      >
        <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="8" cy="8" r="5.5" />
          <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" class="full" />
        </svg>
      </button>
      <IconButton
        icon="help"
        label={words.help}
        onClick={() => {
          dialog.value = { name: 'help' };
        }}
      />
      <IconButton icon="out" label={words.signOut} onClick={() => void leave()} />
    </header>
  );
}

function Search(): JSX.Element {
  const box = useRef<HTMLInputElement>(null);
  const { search } = route.value;
  useEffect(() => {
    if (box.current && document.activeElement !== box.current) box.current.value = search;
  }, [search]);
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    go({ search: box.current?.value.trim() ?? '', threadId: undefined });
    box.current?.blur();
  };
  const clear = (): void => {
    if (box.current) box.current.value = '';
    go({ search: '', threadId: undefined });
  };
  return (
    <search>
      <form onSubmit={onSubmit}>
        <Icon name="search" />
        <input
          ref={box}
          id={SEARCH_ID}
          type="search"
          enterkeyhint="search"
          aria-label={words.search}
          placeholder={words.search}
          defaultValue={search}
        />
        {search !== '' && <IconButton icon="close" label={words.searchClear} onClick={clear} />}
      </form>
    </search>
  );
}
