/** The entries of a proxy's cache, their freshness counting down. */
import type { JSX } from 'preact';
import { ttlText } from '../names/cached.ts';
import { bytesText, countText, leftText } from '../state/units.ts';
import { texts } from '../texts.ts';
import {
  ageAfter,
  type EntryOrder,
  entryKey,
  freshAfter,
  type ProxyEntry,
  shareFresh,
} from './entries.ts';

const words = texts.web.proxy;

const SECOND_MS = 1_000;

export function EntryTable(props: {
  entries: readonly ProxyEntry[];
  elapsed: number;
  order: EntryOrder;
  onOrder: (order: EntryOrder) => void;
  onPurge: (url: string) => void;
}): JSX.Element {
  const sorted = { order: props.order, onOrder: props.onOrder };
  return (
    <table class="grid kept">
      <thead>
        <tr>
          <Sorted column="url" {...sorted} />
          <th scope="col">{words.columns.status}</th>
          <th scope="col">{words.columns.size}</th>
          <th scope="col">{words.columns.age}</th>
          <Sorted column="fresh" {...sorted} />
          <Sorted column="hits" {...sorted} />
          <th scope="col">
            <span class="unseen">{texts.nav.do}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.entries.map((entry) => (
          <Entry
            key={entryKey(entry)}
            entry={entry}
            elapsed={props.elapsed}
            onPurge={props.onPurge}
          />
        ))}
      </tbody>
    </table>
  );
}

function Sorted(props: {
  column: EntryOrder;
  order: EntryOrder;
  onOrder: (order: EntryOrder) => void;
}): JSX.Element {
  const { column, order, onOrder } = props;
  const name = words.columns[column];
  const direction = column === 'hits' ? 'descending' : 'ascending';
  return (
    <th scope="col" aria-sort={order === column ? direction : 'none'}>
      <button type="button" class="plain" title={words.sort(name)} onClick={() => onOrder(column)}>
        {name}{' '}
        <span aria-hidden="true">
          {order !== column ? '↕' : direction === 'ascending' ? '↑' : '↓'}
        </span>
      </button>
    </th>
  );
}

function Entry(props: {
  entry: ProxyEntry;
  elapsed: number;
  onPurge: (url: string) => void;
}): JSX.Element {
  const { entry, elapsed } = props;
  const { url, vary, status, type, size, complete, hits, tags } = entry;
  return (
    <tr>
      <th scope="row">
        {url}{' '}
        <small>
          {[
            type?.split(';')[0],
            vary && words.vary(vary),
            !complete && words.incomplete,
            tags.length > 0 && `${words.columns.tags}: ${tags.join(', ')}`,
          ]
            .filter(Boolean)
            .join(' · ')}
        </small>
      </th>
      <td>{status}</td>
      <td>{bytesText(size)}</td>
      <td>{leftText(ageAfter(entry, elapsed) * SECOND_MS)}</td>
      <td class="left">
        <Freshness entry={entry} elapsed={elapsed} />
      </td>
      <td>{countText(hits)}</td>
      <td>
        <button
          type="button"
          class="button small"
          aria-label={words.purge.one(url)}
          onClick={() => props.onPurge(url)}
        >
          {words.purge.go}
        </button>
      </td>
    </tr>
  );
}

function Freshness({ entry, elapsed }: { entry: ProxyEntry; elapsed: number }): JSX.Element {
  const left = freshAfter(entry, elapsed);
  return (
    <>
      <Left entry={entry} left={left} />
      {entry.lifetime > 0 && <small>{words.whole(ttlText(entry.lifetime))}</small>}
      <i class="lifetime" aria-hidden="true">
        <i style={{ width: `${entry.invalid ? 0 : shareFresh(entry, elapsed) * 100}%` }} />
      </i>
    </>
  );
}

function Left({ entry, left }: { entry: ProxyEntry; left: number }): JSX.Element {
  if (entry.invalid) return <em title={words.invalidTitle}>{words.invalid}</em>;
  if (left > 0) return <span>{leftText(left * SECOND_MS)}</span>;
  if (entry.lifetime > 0)
    return <span class="over">{words.stale(leftText(-left * SECOND_MS))}</span>;
  return (
    <span class="over" title={words.neverTitle}>
      {words.never}
    </span>
  );
}
