/** Above everything: which internet, its clock, and what is shown of it. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { CALM, useMedia } from '../parts/hooks.ts';
import { clear, step, togglePause } from '../state/actions.ts';
import { internet, liveState, paused, runBegan } from '../state/store.ts';
import { theme, toggleTheme } from '../state/theme.ts';
import { clockText } from '../state/units.ts';
import { texts } from '../texts.ts';
import { ExportMenu } from './export-menu.tsx';
import { FilterBox } from './filter-box.tsx';

export function Header(): JSX.Element {
  const view = internet.value;
  return (
    <header>
      <span class="mark">
        top<i>layer</i>
      </span>
      {view && (
        <span class="which">
          {view.title}
          <Kind kind={view.kind} />
        </span>
      )}
      <Channel />
      <RunControls />
      <span class="grow" />
      <FilterBox />
      <ExportMenu />
      <ThemeButton />
    </header>
  );
}

function Kind({ kind }: { kind: 'real' | 'simulated' }): JSX.Element {
  const title = kind === 'real' ? texts.kind.realTitle : texts.kind.simulatedTitle;
  return (
    <small class="kind" title={title}>
      {kind === 'real' ? texts.kind.real : texts.kind.simulated}
    </small>
  );
}

/** How the page stands with the internet; the clock of the run while all is well. */
function Channel(): JSX.Element {
  const state = liveState.value;
  return (
    <span class={`channel ${state}`} role="status">
      {state === 'open' ? <Clock /> : texts.live[state]}
    </span>
  );
}

const TICK_MS = 100;
const CALM_TICK_MS = 1_000;

function Clock(): JSX.Element {
  const tick = useMedia(CALM) ? CALM_TICK_MS : TICK_MS;
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), tick);
    return () => clearInterval(timer);
  }, [tick]);
  return (
    <span class="clock" role="timer" aria-label={texts.run.clock} title={texts.run.clock}>
      {clockText(Math.max(0, now - runBegan.value))}
    </span>
  );
}

function RunControls(): JSX.Element {
  return (
    <div class="controls">
      <button
        type="button"
        class={paused.value ? 'button steady on' : 'button steady'}
        title={texts.run.pauseTitle}
        aria-pressed={paused.value}
        onClick={togglePause}
      >
        <Sign
          path={paused.value ? 'M3 1l9 5.5-9 5.5z' : 'M2.5 1.5h2.8v10H2.5zM7.7 1.5h2.8v10H7.7z'}
        />
        {paused.value ? texts.run.goOn : texts.run.pause}
      </button>
      <button type="button" class="button" title={texts.run.stepTitle} onClick={step}>
        <Sign path="M2 1.5l6.5 5-6.5 5zM9.5 1.5h2v10h-2z" />
        {texts.run.step}
      </button>
      <button type="button" class="button" title={texts.run.clearTitle} onClick={clear}>
        {texts.run.clear}
      </button>
    </div>
  );
}

function Sign({ path }: { path: string }): JSX.Element {
  return (
    <svg class="sign" width="13" height="13" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

function ThemeButton(): JSX.Element {
  const dark = theme.value === 'dark';
  const label = dark ? texts.theme.toLight : texts.theme.toDark;
  return (
    <button type="button" class="icon" aria-label={label} title={label} onClick={toggleTheme}>
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="5.5" />
        <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" class="full" />
      </svg>
    </button>
  );
}
