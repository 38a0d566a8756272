/** What a cache was good for, in numbers. */
import type { JSX } from 'preact';
import type { ProxyView } from '../../../src/internet/dashboard/api-web.ts';
import { bytesText, countText } from '../state/units.ts';
import { texts } from '../texts.ts';

const words = texts.web.proxy.statistics;

export function Statistics({ statistics }: { statistics: ProxyView['statistics'] }): JSX.Element {
  const { hitRatio, requests, hits, staleHits, collapsed, validated, misses, passed } = statistics;
  const { bytesSaved, bytesFromOrigin, bytesStored, capacity } = statistics;
  return (
    <dl class="statistics" aria-label={words.label}>
      <div class="ratio" title={words.hitRatioTitle}>
        <dt>{words.hitRatio}</dt>
        <dd>
          {Math.round(hitRatio * 100)} %
          <i class="lifetime" aria-hidden="true">
            <i style={{ width: `${hitRatio * 100}%` }} />
          </i>
        </dd>
      </div>
      <Figure name={words.requests} value={countText(requests)} />
      <Figure
        name={words.hits}
        value={countText(hits)}
        more={staleHits > 0 ? words.stale(countText(staleHits)) : undefined}
      />
      <Figure name={words.collapsed} value={countText(collapsed)} title={words.collapsedTitle} />
      <Figure name={words.validated} value={countText(validated)} title={words.validatedTitle} />
      <Figure name={words.misses} value={countText(misses)} />
      <Figure name={words.passed} value={countText(passed)} title={words.passedTitle} />
      <Figure name={words.saved} value={bytesText(bytesSaved)} title={words.savedTitle} />
      <Figure name={words.fromOrigin} value={bytesText(bytesFromOrigin)} />
      <Figure
        name={words.stored}
        value={bytesText(bytesStored)}
        title={words.of(bytesText(capacity))}
      />
    </dl>
  );
}

function Figure(props: {
  name: string;
  value: string;
  more?: string | undefined;
  title?: string;
}): JSX.Element {
  return (
    <div title={props.title}>
      <dt>{props.name}</dt>
      <dd>
        {props.value} {props.more !== undefined && <small>{props.more}</small>}
      </dd>
    </div>
  );
}
