/** Looks at something of the internet again and again, and counts the time since the last look. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { MessageLine } from '../../../src/trace/message.ts';
import { sentence } from '../state/api.ts';
import { onNews, paused } from '../state/store.ts';

const POLL_MS = 5_000;
const TICK_MS = 1_000;
/** Messages come in flocks: one look for all of them. */
const SETTLE_MS = 150;

interface Seen<T> {
  readonly view: T;
  /** On the page's own clock. */
  readonly at: number;
}

export interface Look<T> {
  readonly view: T | undefined;
  /** Milliseconds since the look. */
  readonly elapsed: number;
  readonly problem: string | undefined;
  /** Takes what the internet answered to something else. */
  take(view: T): void;
}

/**
 * Looks every few seconds, and after messages that concern it. While the dashboard is paused, time stands still here
 * too. What `key` names is looked at anew when that changes.
 */
export function useLook<T>(
  key: string,
  get: () => Promise<T>,
  concerns: (message: MessageLine) => boolean,
): Look<T> {
  const [seen, setSeen] = useState<Seen<T>>();
  const [problem, setProblem] = useState<string>();
  const [now, setNow] = useState(() => performance.now());
  const running = !paused.value;
  const take = useCallback((view: T) => {
    const at = performance.now();
    setSeen({ view, at });
    setNow(at);
    setProblem(undefined);
  }, []);
  useEffect(() => {
    let wanted = true;
    const refresh = () => {
      if (document.visibilityState === 'hidden') return;
      get().then(
        (view) => wanted && take(view),
        (error: unknown) => {
          if (!wanted) return;
          setSeen(undefined);
          setProblem(sentence(error));
        },
      );
    };
    if (running || !seen) refresh();
    const tick = () => setNow(performance.now());
    const stop = running ? repeat(refresh, tick, concerns) : () => undefined;
    return () => {
      wanted = false;
      stop();
    };
  }, [key, running]);
  return { view: seen?.view, elapsed: seen ? Math.max(0, now - seen.at) : 0, problem, take };
}

function repeat(
  refresh: () => void,
  tick: () => void,
  concerns: (message: MessageLine) => boolean,
): () => void {
  const poll = setInterval(refresh, POLL_MS);
  const ticking = setInterval(tick, TICK_MS);
  let soon: ReturnType<typeof setTimeout> | undefined;
  const unlisten = onNews((messages) => {
    if (!messages.some(concerns)) return;
    clearTimeout(soon);
    soon = setTimeout(refresh, SETTLE_MS);
  });
  return () => {
    clearInterval(poll);
    clearInterval(ticking);
    clearTimeout(soon);
    unlisten();
  };
}
