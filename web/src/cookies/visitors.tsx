/** What one site knows of its visitors. */
import type { JSX } from 'preact';
import type { SiteEntryView, SiteVisitorsView } from '../../../src/internet/dashboard/api-web.ts';
import { leftText } from '../state/units.ts';
import { texts } from '../texts.ts';
import { EntryTag, pointedAt } from './entry-tag.tsx';
import { dataText } from './tell.ts';

const words = texts.web.cookies;

/** Secrets of forms say nothing about the visitor. */
const DULL = new Set(['token', 'challenge']);

export function Visitors({ site, now }: { site: SiteVisitorsView; now: number }): JSX.Element {
  const { names, host, sealed, entries } = site;
  return (
    <article class="visitors" aria-label={words.databaseOf(names[0] ?? host)}>
      <header>
        <h4>{names[0] ?? host}</h4>
        <span class="soft">
          {words.database(host)}
          {sealed !== 'plain' && `, ${words.sealed[sealed]}`}
        </span>
      </header>
      {entries.length === 0 && <p class="soft">{words.noEntries}</p>}
      <ul>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} now={now} />
        ))}
      </ul>
    </article>
  );
}

function Entry({ entry, now }: { entry: SiteEntryView; now: number }): JSX.Element {
  const { id, seen, data } = entry;
  const known = Object.entries(data).filter(([name]) => !DULL.has(name));
  return (
    <li class={pointedAt.value === id ? 'entry on' : 'entry'}>
      <p class="cookie-pair">
        <EntryTag id={id} side="site" />
        <span class="soft">{words.seen(leftText(now - seen))}</span>
      </p>
      {known.length === 0 && <p class="cookie-facts">{words.onlyKnows}</p>}
      {known.map(([name, value]) => (
        <p key={name} class="cookie-facts">
          <b>{name}</b> <span>{dataText(value)}</span>
        </p>
      ))}
    </li>
  );
}
