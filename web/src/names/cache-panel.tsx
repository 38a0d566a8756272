/** What a resolver remembers, its lifetimes counting down. */
import { type Signal, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useLook } from '../parts/use-look.ts';
import { attempt } from '../state/actions.ts';
import { api } from '../state/api.ts';
import { resolvers } from '../state/names.ts';
import { announcement } from '../state/store.ts';
import { countText } from '../state/units.ts';
import { texts } from '../texts.ts';
import { CacheTable } from './cache-table.tsx';
import { type CacheOrder, shownEntries } from './cached.ts';

const words = texts.names.cache;

const chosen: Signal<string | undefined> = signal(undefined);

export function CachePanel(): JSX.Element {
  const known = resolvers.value;
  const host = known.find((name) => name === chosen.value) ?? known[0];
  return host === undefined ? (
    <p class="note soft">{words.none}</p>
  ) : (
    <Cache key={host} host={host} />
  );
}

function Cache({ host }: { host: string }): JSX.Element {
  const {
    view: look,
    elapsed,
    problem,
    take,
  } = useLook(
    host,
    () => api.cache(host),
    ({ protocol, from, to }) => protocol === 'dns' && (from === host || to === host),
  );
  const [filter, setFilter] = useState('');
  const [order, setOrder] = useState<CacheOrder>('name');
  const all = look?.entries ?? [];
  const shown = shownEntries(all, filter, order);
  const forget = (name?: string) =>
    attempt(async () => {
      take(await api.flush(host, name === undefined ? {} : { name }));
      announcement.value = name === undefined ? words.allForgotten : words.forgotten(name);
    });
  return (
    <>
      <CacheBar
        host={host}
        filter={filter}
        onFilter={setFilter}
        shown={shown.length}
        all={look?.entries.length}
        onForgetAll={() => forget()}
      />
      {problem !== undefined && (
        <p class="note trouble" role="status">
          {problem}
        </p>
      )}
      {!look && problem === undefined && <p class="note soft">{words.loading}</p>}
      {look && all.length === 0 && <Empty host={host} />}
      {all.length > 0 && shown.length === 0 && <p class="note soft">{words.noFit}</p>}
      {shown.length > 0 && (
        <CacheTable
          entries={shown}
          elapsed={elapsed}
          order={order}
          onOrder={setOrder}
          onForget={forget}
        />
      )}
    </>
  );
}

function CacheBar(props: {
  host: string;
  filter: string;
  onFilter: (text: string) => void;
  shown: number;
  /** How many entries there are; undefined before the first look. */
  all: number | undefined;
  onForgetAll: () => void;
}): JSX.Element {
  const { all } = props;
  return (
    <div class="panel-bar">
      <Which host={props.host} />
      <input
        type="search"
        class="name"
        aria-label={words.filter}
        placeholder={words.placeholder}
        value={props.filter}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => props.onFilter(event.currentTarget.value)}
      />
      {all !== undefined && (
        <span class="soft">{words.count(countText(props.shown), countText(all))}</span>
      )}
      <span class="grow" />
      <button
        type="button"
        class="button small"
        aria-disabled={!all}
        onClick={() => all && props.onForgetAll()}
      >
        {words.forgetAll}
      </button>
    </div>
  );
}

function Which({ host }: { host: string }): JSX.Element {
  if (resolvers.value.length < 2)
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
        {resolvers.value.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Empty({ host }: { host: string }): JSX.Element {
  return (
    <div class="note">
      <p class="big">{words.empty(host)}</p>
      <p class="soft">{words.emptyHint}</p>
    </div>
  );
}
