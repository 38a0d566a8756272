/** The entries of a cache. */
import type { JSX } from 'preact';
import type { CacheEntryView } from '../../../src/internet/dashboard/api.ts';
import { texts } from '../texts.ts';
import { type CacheOrder, leftAfter, lifetimeText, shareLeft, ttlText } from './cached.ts';

const words = texts.names.cache;

export function CacheTable(props: {
  entries: readonly CacheEntryView[];
  elapsed: number;
  order: CacheOrder;
  onOrder: (order: CacheOrder) => void;
  onForget: (name: string) => void;
}): JSX.Element {
  const { order, onOrder } = props;
  return (
    <table class="grid cache">
      <thead>
        <tr>
          <Sorted column="name" order={order} onOrder={onOrder} />
          <th scope="col">{words.columns.type}</th>
          <th scope="col">{words.columns.data}</th>
          <th scope="col">{words.columns.source}</th>
          <Sorted column="left" order={order} onOrder={onOrder} />
          <th scope="col">
            <span class="unseen">{texts.nav.do}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.entries.map((entry) => (
          <Entry
            key={`${entry.name} ${entry.type ?? ''}`}
            entry={entry}
            left={leftAfter(entry, props.elapsed)}
            onForget={props.onForget}
          />
        ))}
      </tbody>
    </table>
  );
}

function Sorted(props: {
  column: CacheOrder;
  order: CacheOrder;
  onOrder: (order: CacheOrder) => void;
}): JSX.Element {
  const { column, order, onOrder } = props;
  const name = words.columns[column];
  return (
    <th scope="col" aria-sort={order === column ? 'ascending' : 'none'}>
      <button type="button" class="plain" title={words.sort(name)} onClick={() => onOrder(column)}>
        {name} <span aria-hidden="true">{order === column ? '↑' : '↕'}</span>
      </button>
    </th>
  );
}

function Entry(props: {
  entry: CacheEntryView;
  left: number;
  onForget: (name: string) => void;
}): JSX.Element {
  const { entry, left } = props;
  const { name, type, denial, data, source } = entry;
  return (
    <tr class={denial ? 'denied' : ''}>
      <th scope="row">{name}</th>
      <td>{type ?? words.anyType}</td>
      <td class="data">
        {denial ? (
          <span class="denial">{words.denial[denial]}</span>
        ) : (
          data.map((text) => <code key={text}>{text}</code>)
        )}
      </td>
      <td>{source}</td>
      <td class="left">
        <Left entry={entry} left={left} />
      </td>
      <td>
        <button
          type="button"
          class="button small"
          aria-label={words.forgetLabel(name)}
          onClick={() => props.onForget(name)}
        >
          {words.forget}
        </button>
      </td>
    </tr>
  );
}

function Left({ entry, left }: { entry: CacheEntryView; left: number }): JSX.Element {
  return (
    <>
      {entry.stale ? (
        <em title={words.staleTitle}>{words.stale}</em>
      ) : (
        <span>{left > 0 ? lifetimeText(left) : words.over}</span>
      )}
      <small>{words.whole(ttlText(entry.ttl))}</small>
      <i class="lifetime" aria-hidden="true">
        <i style={{ width: `${shareLeft(entry, left) * 100}%` }} />
      </i>
    </>
  );
}
