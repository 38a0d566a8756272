/** Mail: a message is written above; below, the ways of all, the queues, the mailboxes, and failures on purpose. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { MailView } from '../../../src/internet/dashboard/api-mail.ts';
import { Tabs } from '../parts/tabs.tsx';
import { useLook } from '../parts/use-look.ts';
import { chooseMailTab } from '../state/actions.ts';
import { api } from '../state/api.ts';
import { concernsMail, mail, mailHosts } from '../state/mail.ts';
import { MAIL_TABS, type MailTab } from '../state/route.ts';
import { mailTab } from '../state/store.ts';
import { texts } from '../texts.ts';
import { BoxesPanel } from './boxes-panel.tsx';
import { FailuresPanel } from './failures-panel.tsx';
import { QueuesPanel } from './queues-panel.tsx';
import { WaysPanel } from './ways-panel.tsx';
import { WriteForm } from './write-form.tsx';

const words = texts.mail;

/** What every part of the page is given. */
export interface Seen {
  readonly view: MailView;
  /** The clock of the run, as far as it is known here. */
  readonly now: number;
  /** Looks again: something was changed. */
  readonly refresh: () => void;
}

const PANELS: Readonly<Record<MailTab, (seen: Seen) => JSX.Element>> = {
  ways: WaysPanel,
  queues: QueuesPanel,
  boxes: BoxesPanel,
  failures: FailuresPanel,
};

export function MailPage(): JSX.Element {
  const hosts = mailHosts.value;
  const lives = hosts.map(({ name, running }) => `${name} ${running}`).join();
  const { view, elapsed, problem, take } = useLook(`mail ${lives}`, api.mail, concernsMail);
  useEffect(() => {
    mail.value = view;
  }, [view]);
  const refresh = () => {
    api.mail().then(take, () => undefined);
  };
  const seen = view && { view, now: view.now + elapsed, refresh };
  return (
    <div class="mail">
      {problem !== undefined && (
        <p class="note trouble" role="status">
          {problem}
        </p>
      )}
      {!seen && problem === undefined && <p class="note soft">{words.loading}</p>}
      {seen && hosts.length === 0 && <p class="note soft">{words.none}</p>}
      {seen && hosts.length > 0 && (
        <>
          <WriteForm {...seen} />
          <Below {...seen} />
        </>
      )}
    </div>
  );
}

function Below(seen: Seen): JSX.Element {
  const chosen = mailTab.value;
  const Panel = PANELS[chosen];
  return (
    <section class="below" aria-label={words.tabs.label}>
      <Tabs
        label={words.tabs.label}
        id="mail-panel"
        tabs={MAIL_TABS.map((name) => ({
          name,
          label: words.tabs[name],
          detail: detail(name, seen.view),
        }))}
        chosen={chosen}
        onChoose={chooseMailTab}
      >
        <Panel {...seen} />
      </Tabs>
    </section>
  );
}

function detail(tab: MailTab, { letters, hosts }: MailView): number | undefined {
  const counts: Readonly<Record<MailTab, number>> = {
    ways: letters.length,
    queues: hosts.reduce((sum, { queue }) => sum + queue.length, 0),
    boxes: hosts.reduce((sum, { accounts }) => sum + accounts.length, 0),
    failures: hosts.reduce((sum, { failures }) => sum + failures.length, 0),
  };
  return counts[tab] || undefined;
}
