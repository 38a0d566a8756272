/** Who holds which cookie: users' jars on the left, what sites know on the right, and what joins them. */

import { type Signal, signal } from '@preact/signals';
import type { JSX } from 'preact';
import type { CookiesView } from '../../../src/internet/dashboard/api-web.ts';
import { useLook } from '../parts/use-look.ts';
import { ViewSwitch } from '../parts/view-switch.tsx';
import { attempt } from '../state/actions.ts';
import { api } from '../state/api.ts';
import { texts } from '../texts.ts';
import { CookieTable } from './cookie-table.tsx';
import { Heard } from './heard.tsx';
import { Jar } from './jar.tsx';
import { Joins } from './joins.tsx';
import { Visitors } from './visitors.tsx';

const words = texts.web.cookies;

const asTable: Signal<boolean> = signal(false);

export function CookiesPanel(): JSX.Element {
  const { view, elapsed, problem, take } = useLook('cookies', api.cookies, spokenOverHttp);
  const change = (ask: Promise<CookiesView>) => attempt(async () => take(await ask));
  return (
    <>
      <div class="panel-bar">
        <h3>{words.title}</h3>
        {view && <span class="soft">{sum(view)}</span>}
        <span class="grow" />
        <ViewSwitch of={words.title} table={asTable} />
      </div>
      {problem !== undefined && (
        <p class="note trouble" role="status">
          {problem}
        </p>
      )}
      {!view && problem === undefined && <p class="note soft">{words.loading}</p>}
      {view &&
        (asTable.value ? (
          <CookieTable view={view} elapsed={elapsed} />
        ) : (
          <Sides view={view} elapsed={elapsed} change={change} />
        ))}
      {view && <Heard users={view.users} />}
    </>
  );
}

/** A page that was loaded may have set cookies, here or there. */
function spokenOverHttp({ protocol }: { protocol: string }): boolean {
  return protocol === 'http' || protocol === 'data';
}

function sum({ users, sites }: CookiesView): string {
  const cookies = users.reduce((count, user) => count + user.cookies.length, 0);
  const entries = sites.reduce((count, site) => count + site.entries.length, 0);
  return words.sum(cookies, entries);
}

export type Change = (ask: Promise<CookiesView>) => void;

function Sides(props: { view: CookiesView; elapsed: number; change: Change }): JSX.Element {
  const { view, elapsed, change } = props;
  return (
    <Joins view={view}>
      <section class="side" aria-label={words.jars}>
        {view.users.map((user) => (
          <Jar key={user.host} user={user} now={view.now + elapsed} change={change} />
        ))}
      </section>
      <section class="side" aria-label={words.sites}>
        {view.sites.length === 0 && <p class="soft">{words.noSites}</p>}
        {view.sites.map((site) => (
          <Visitors key={`${site.host} ${site.app}`} site={site} now={view.now + elapsed} />
        ))}
      </section>
    </Joins>
  );
}
