/** The whole page. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { LadderPanel } from '../ladder/panel.tsx';
import { MailPage } from '../mail/page.tsx';
import { HostCard } from '../map/host-card.tsx';
import { MapPanel } from '../map/map.tsx';
import { MessagePane } from '../message/pane.tsx';
import { NamesPage } from '../names/page.tsx';
import { follow } from '../state/actions.ts';
import { keepNames } from '../state/names.ts';
import type { PageName } from '../state/route.ts';
import { announcement, page, trouble } from '../state/store.ts';
import { WebPage } from '../web/page.tsx';
import { Dialogs } from './dialogs.tsx';
import { Foot } from './foot.tsx';
import { Header } from './header.tsx';
import { listenToKeys } from './keys.ts';
import { Nav } from './nav.tsx';

export function App(): JSX.Element {
  useEffect(listenToKeys, []);
  useEffect(() => {
    const onAddress = () => follow(location.hash);
    onAddress();
    addEventListener('hashchange', onAddress);
    return () => removeEventListener('hashchange', onAddress);
  }, []);
  useEffect(keepNames, []);
  return (
    <>
      <Header />
      <Nav />
      <main>
        <h1 class="unseen">toplayer</h1>
        <Shown />
        {page.value !== 'mail' && <MessagePane />}
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

const PAGES: Readonly<Record<PageName, () => JSX.Element>> = {
  internet: InternetPage,
  names: NamesPage,
  web: WebPage,
  mail: MailPage,
};

function Shown(): JSX.Element {
  const Page = PAGES[page.value];
  return <Page />;
}

function InternetPage(): JSX.Element {
  return (
    <>
      <MapPanel />
      <LadderPanel />
    </>
  );
}
