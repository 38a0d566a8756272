/** The whole page. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { LadderPanel } from '../ladder/panel.tsx';
import { HostCard } from '../map/host-card.tsx';
import { MapPanel } from '../map/map.tsx';
import { MessagePane } from '../message/pane.tsx';
import { idInLink } from '../state/actions.ts';
import { announcement, following, selectedId, trouble } from './../state/store.ts';
import { Dialogs } from './dialogs.tsx';
import { Foot } from './foot.tsx';
import { Header } from './header.tsx';
import { listenToKeys } from './keys.ts';
import { Nav } from './nav.tsx';

export function App(): JSX.Element {
  useEffect(listenToKeys, []);
  useEffect(() => {
    const follow = () => {
      selectedId.value = idInLink(location.hash);
      if (selectedId.value !== undefined) following.value = false;
    };
    follow();
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return (
    <>
      <Header />
      <Nav />
      <main>
        <h1 class="unseen">toplayer</h1>
        <MapPanel />
        <LadderPanel />
        <MessagePane />
      </main>
      <Foot />
      <HostCard />
      <Dialogs />
      <p class="unseen" role="status" aria-live="polite">
        {announcement.value}
      </p>
      {trouble.value && (
        <p class="toast" role="alert">
          {trouble.value}
        </p>
      )}
    </>
  );
}
