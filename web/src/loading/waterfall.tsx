/** The objects of a page on one axis of time, each with what it waited for; a click goes to its messages. */
import type { JSX } from 'preact';
import { useMedia } from '../parts/hooks.ts';
import { bytesText, durationText } from '../state/units.ts';
import { chooseObject, chosenObject, objectMessages } from '../state/web.ts';
import { texts } from '../texts.ts';
import {
  allOf,
  type Page,
  type PageObject,
  PHASES,
  type Span,
  shortName,
  spansOf,
  ticksOf,
} from './phases.ts';

const words = texts.web.load;

/** More would run into each other. */
const TICKS_MOST = 6;
const TICKS_IN_LESS_ROOM = 4;
const LESS_ROOM = '(max-width: 1180px)';

/** Room after the last end, so that its time is not at the edge. */
const TAIL = 1.04;

export function Waterfall({ page }: { page: Page }): JSX.Element {
  const whole = Math.max(page.totalMs * TAIL, 0.001);
  const share = (ms: number) => `${((ms / whole) * 100).toFixed(3)}%`;
  const ticks = ticksOf(whole, useMedia(LESS_ROOM) ? TICKS_IN_LESS_ROOM : TICKS_MOST);
  return (
    <div class="fall">
      <div class="axis" aria-hidden="true">
        <div class="track">
          {ticks.map((ms) => (
            <span key={ms} style={{ left: share(ms) }}>
              {tickText(ms)}
            </span>
          ))}
        </div>
      </div>
      <ol aria-label={words.waterfall}>
        {allOf(page).map((object, index) => (
          <Line
            key={object.url}
            object={object}
            index={index}
            page={page}
            ticks={ticks}
            share={share}
          />
        ))}
      </ol>
      <p class="phases">
        {PHASES.map((phase) => (
          <span key={phase}>
            <i class={phase} /> {texts.dialogs.load.phases[phase]}
          </span>
        ))}
        <span class="soft">{words.phasesNote}</span>
      </p>
    </div>
  );
}

function Line(props: {
  object: PageObject;
  index: number;
  page: Page;
  ticks: readonly number[];
  share: (ms: number) => string;
}): JSX.Element {
  const { object, index, page, ticks, share } = props;
  const { url, status, bytes, error, startMs, endMs, timings } = object;
  const spans = spansOf(object);
  const count = objectMessages.value[index]?.length ?? 0;
  const failed = error !== undefined || status >= 400;
  return (
    <li>
      <button
        type="button"
        class="fall-line"
        aria-pressed={chosenObject.value === index}
        title={`${url}\n${spanTexts(spans, timings?.reused ?? false).join(', ')}`}
        onClick={() => chooseObject(index)}
      >
        <span class="fall-name">{shortName(url, page.url)}</span>
        <span class={failed ? 'fall-status bad' : 'fall-status'}>
          {status === 0 ? '–' : status}
        </span>
        <span class="fall-size">{bytesText(bytes)}</span>
        <span class="track">
          {ticks.map((ms) => (
            <i key={ms} class="tick" style={{ left: share(ms) }} />
          ))}
          <i class="held" style={{ left: share(startMs), width: share(endMs - startMs) }} />
          {spans.map(({ phase, from, to }) => (
            <i key={phase} class={phase} style={{ left: share(from), width: share(to - from) }} />
          ))}
          <small style={beside(startMs, endMs, page.totalMs, share)}>
            {error ?? durationText(endMs - startMs)}
          </small>
        </span>
        <span class="unseen">
          {spanTexts(spans, timings?.reused ?? false).join(', ')}, {words.messages(count)}
        </span>
      </button>
    </li>
  );
}

/** After the bar; before it where there is more room. */
function beside(
  start: number,
  end: number,
  total: number,
  share: (ms: number) => string,
): { left: string } | { right: string } {
  return total - end >= start
    ? { left: `calc(${share(end)} + 5px)` }
    : { right: `calc(100% - ${share(start)} + 5px)` };
}

function spanTexts(spans: readonly Span[], reused: boolean): string[] {
  const told = spans.map(
    ({ phase, from, to }) => `${texts.dialogs.load.phases[phase]} ${durationText(to - from)}`,
  );
  return reused ? [texts.dialogs.load.reused, ...told] : told;
}

function tickText(ms: number): string {
  if (ms === 0) return '0';
  return ms < 1_000
    ? `${Number(ms.toPrecision(3))} ms`
    : `${Number((ms / 1_000).toPrecision(3))} s`;
}
