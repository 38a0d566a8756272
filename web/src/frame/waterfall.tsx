/** The objects of a page on one axis of time, with what each waited for. */
import type { JSX } from 'preact';
import type { LoadView } from '../../../src/internet/dashboard/api.ts';
import { bytesText, durationText } from '../state/units.ts';
import { texts } from '../texts.ts';

type Page = LoadView['page'];
type PageObject = Page['page'];

const words = texts.dialogs.load;
const PHASES = ['name', 'connect', 'wait', 'receive'] as const;

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
          {[page.page, ...page.objects].map((object) => (
            <Line key={object.url} object={object} total={page.totalMs} />
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

function Line({ object, total }: { object: PageObject; total: number }): JSX.Element {
  const { url, status, bytes, error, startMs, endMs } = object;
  return (
    <tr>
      <th scope="row" title={url}>
        {shortName(url)}
      </th>
      <td class={error !== undefined || status >= 400 ? 'bad' : ''} title={error}>
        {status === 0 ? (error ?? '–') : status}
      </td>
      <td class="number">{bytesText(bytes)}</td>
      <td class="number">{durationText(endMs - startMs)}</td>
      <td class="bars">
        <Bars object={object} total={total} />
      </td>
    </tr>
  );
}

function Bars({ object, total }: { object: PageObject; total: number }): JSX.Element {
  const { timings, startMs, endMs } = object;
  const share = (ms: number) => `${(ms / Math.max(total, 0.001)) * 100}%`;
  const spans = timings
    ? PHASES.map((phase) => ({ phase, ms: timings[`${phase}Ms`] }))
    : [{ phase: 'wait' as const, ms: endMs - startMs }];
  const told = spans
    .filter(({ ms }) => ms > 0)
    .map(({ phase, ms }) => `${words.phases[phase]} ${durationText(ms)}`);
  if (timings?.reused) told.unshift(words.reused);
  return (
    <div class="waits" title={told.join(', ')} role="img" aria-label={told.join(', ')}>
      <i style={{ width: share(startMs) }} />
      {spans.map(({ phase, ms }) => (
        <i key={phase} class={phase} style={{ width: share(ms) }} />
      ))}
    </div>
  );
}

/** The path of an object; the host for a page's own root. */
function shortName(url: string): string {
  const { host, pathname, search } = new URL(url);
  return pathname === '/' ? host : `${pathname}${search}`;
}
