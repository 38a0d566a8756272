/** The objects of a page on one axis of time, with what each waited for. */
import type { JSX } from 'preact';
import {
  allOf,
  type Page,
  type PageObject,
  PHASES,
  shortName,
  spansOf,
} from '../loading/phases.ts';
import { bytesText, durationText } from '../state/units.ts';
import { texts } from '../texts.ts';

const words = texts.dialogs.load;

export function Waterfall({ page }: { page: Page }): JSX.Element {
  return (
    <div class="scroll-x">
      <table class="grid waterfall">
        <thead>
          <tr>
            {words.columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {allOf(page).map((object) => (
            <Line key={object.url} object={object} page={page} />
          ))}
        </tbody>
      </table>
      <p class="phases">
        {PHASES.map((phase) => (
          <span key={phase}>
            <i class={phase} /> {words.phases[phase]}
          </span>
        ))}
      </p>
    </div>
  );
}

function Line({ object, page }: { object: PageObject; page: Page }): JSX.Element {
  const { url, status, bytes, error, startMs, endMs } = object;
  return (
    <tr>
      <th scope="row" title={url}>
        {shortName(url, page.url)}
      </th>
      <td class={error !== undefined || status >= 400 ? 'bad' : ''} title={error}>
        {status === 0 ? (error ?? '–') : status}
      </td>
      <td class="number">{bytesText(bytes)}</td>
      <td class="number">{durationText(endMs - startMs)}</td>
      <td class="bars">
        <Bars object={object} total={page.totalMs} />
      </td>
    </tr>
  );
}

function Bars({ object, total }: { object: PageObject; total: number }): JSX.Element {
  const share = (ms: number) => `${(ms / Math.max(total, 0.001)) * 100}%`;
  const spans = spansOf(object);
  const told = spans.map(
    ({ phase, from, to }) => `${words.phases[phase]} ${durationText(to - from)}`,
  );
  if (object.timings?.reused) told.unshift(words.reused);
  return (
    <div class="waits" title={told.join(', ')} role="img" aria-label={told.join(', ')}>
      <i style={{ width: share(spans[0]?.from ?? 0) }} />
      {spans.map(({ phase, from, to }) => (
        <i key={phase} class={phase} style={{ width: share(to - from) }} />
      ))}
    </div>
  );
}
