/** The part of the page that says when. */
import type { JSX } from 'preact';
import { setFilter, togglePause, toNewest } from '../state/actions.ts';
import { following, ladderAsTable, log, paused, rows, version, waiting } from '../state/store.ts';
import { countText } from '../state/units.ts';
import { texts } from '../texts.ts';
import { LadderBar } from './bar.tsx';
import { Empty } from './empty.tsx';
import { Ladder } from './ladder.tsx';
import { LadderTable } from './table.tsx';

export function LadderPanel(): JSX.Element {
  version.value;
  return (
    <section class="ladder" aria-label={texts.ladder.label}>
      <LadderBar />
      <Content />
      {paused.value && <Paused />}
      {rows.value.messages.length > 0 && !following.value && (
        <button type="button" class="newest" onClick={toNewest}>
          ↓ {texts.ladder.newest}
        </button>
      )}
    </section>
  );
}

function Content(): JSX.Element {
  if (log.messages.length === 0) return <Empty />;
  if (rows.value.messages.length === 0) return <NoneFits />;
  return ladderAsTable.value ? <LadderTable /> : <Ladder />;
}

/** What is shown is not the newest, and how much more there is. */
function Paused(): JSX.Element {
  return (
    <button type="button" class="newest paused" onClick={togglePause}>
      {texts.run.paused}
      {waiting.value > 0 && (
        <>
          {' · '}
          <span>{texts.run.waiting(countText(waiting.value))}</span>
        </>
      )}
    </button>
  );
}

function NoneFits(): JSX.Element {
  return (
    <div class="empty">
      <p>{texts.filter.none}</p>
      <button type="button" class="button" onClick={() => setFilter('')}>
        {texts.filter.showAll}
      </button>
    </div>
  );
}
