/** A proxy of the internet: what it keeps, how long that is fresh, and what it was good for. */
import { type Signal, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ProxyView, PurgeRequest } from '../../../src/internet/dashboard/api-web.ts';
import { useLook } from '../parts/use-look.ts';
import { attempt } from '../state/actions.ts';
import { api } from '../state/api.ts';
import { announcement } from '../state/store.ts';
import { countText } from '../state/units.ts';
import { proxies } from '../state/web.ts';
import { texts } from '../texts.ts';
import { type EntryOrder, shownEntries } from './entries.ts';
import { EntryTable } from './entry-table.tsx';
import { PurgeForm } from './purge-form.tsx';
import { Statistics } from './statistics.tsx';

const words = texts.web.proxy;

const chosen: Signal<string | undefined> = signal(undefined);

export function ProxyPanel(): JSX.Element {
  const known = proxies.value.map(({ host }) => host);
  const host = known.find((name) => name === chosen.value) ?? known[0];
  if (host === undefined) return <p class="note soft">{words.none}</p>;
  return <Kept key={host} host={host} hosts={known} />;
}

function Kept({ host, hosts }: { host: string; hosts: readonly string[] }): JSX.Element {
  const { view, elapsed, problem, take } = useLook(
    host,
    () => api.proxy(host),
    ({ from, to }) => from === host || to === host,
  );
  const [filter, setFilter] = useState('');
  const [order, setOrder] = useState<EntryOrder>('url');
  const [soft, setSoft] = useState(false);
  const purge = (request: PurgeRequest) =>
    attempt(async () => {
      const next = await api.purge(host, request);
      take(next);
      announcement.value = words.purge.done(next.purged ?? 0, request.soft ?? false);
    });
  const shown = shownEntries(view?.entries ?? [], filter, order);
  return (
    <>
      <div class="panel-bar">
        <Which host={host} hosts={hosts} />
        {view && <span class="soft">{words.askedBy(view.users)}</span>}
        <span class="grow" />
        <input
          type="search"
          class="name"
          aria-label={words.filter}
          placeholder={words.placeholder}
          value={filter}
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      </div>
      {problem !== undefined && (
        <p class="note trouble" role="status">
          {problem}
        </p>
      )}
      {!view && problem === undefined && <p class="note soft">{words.loading}</p>}
      {view && <Statistics statistics={view.statistics} />}
      {view && <PurgeForm soft={soft} onSoft={setSoft} onPurge={purge} />}
      {view && shown.length === 0 && <Nothing view={view} />}
      {shown.length > 0 && (
        <EntryTable
          entries={shown}
          elapsed={elapsed}
          order={order}
          onOrder={setOrder}
          onPurge={(url) => purge({ url, soft })}
        />
      )}
    </>
  );
}

function Which({ host, hosts }: { host: string; hosts: readonly string[] }): JSX.Element {
  if (hosts.length < 2)
    return (
      <h3>
        {words.of} {host}
      </h3>
    );
  return (
    <label>
      {words.of}{' '}
      <select
        class="hosts"
        value={host}
        onChange={(event) => {
          chosen.value = event.currentTarget.value;
        }}
      >
        {hosts.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Nothing({ view }: { view: ProxyView }): JSX.Element {
  if (view.entries.length > 0) return <p class="note soft">{words.noFit}</p>;
  return (
    <div class="note">
      <p class="big">{words.empty(view.host)}</p>
      <p class="soft">{words.emptyHint(view.users)}</p>
      {view.statistics.requests > 0 && (
        <p class="soft">
          {countText(view.statistics.requests)} {words.statistics.requests}
        </p>
      )}
    </div>
  );
}
