/** Looks into a cache again and again, and counts the time since the last look. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { CacheView } from '../../../src/internet/dashboard/api.ts';
import { api, sentence } from '../state/api.ts';
import { onNews, paused } from '../state/store.ts';

const POLL_MS = 5_000;
const TICK_MS = 1_000;
/** Messages come in flocks: one look for all of them. */
const SETTLE_MS = 150;

interface Look {
  readonly view: CacheView;
  /** On the page's own clock. */
  readonly at: number;
}

export interface CacheLook {
  readonly look: CacheView | undefined;
  /** Milliseconds since the look. */
  readonly elapsed: number;
  readonly problem: string | undefined;
  /** Takes what the internet answered to something else. */
  take(view: CacheView): void;
}

/** While the dashboard is paused, time stands still here too. */
export function useCache(host: string): CacheLook {
  const [look, setLook] = useState<Look>();
  const [problem, setProblem] = useState<string>();
  const [now, setNow] = useState(() => performance.now());
  const running = !paused.value;
  const take = useCallback((view: CacheView) => {
    const at = performance.now();
    setLook({ view, at });
    setNow(at);
    setProblem(undefined);
  }, []);
  useEffect(() => {
    let wanted = true;
    const refresh = () => {
      if (document.visibilityState === 'hidden') return;
      api.cache(host).then(
        (view) => wanted && take(view),
        (error: unknown) => {
          if (!wanted) return;
          setLook(undefined);
          setProblem(sentence(error));
        },
      );
    };
    if (running || !look) refresh();
    const stop = running ? repeat(host, refresh, () => setNow(performance.now())) : () => undefined;
    return () => {
      wanted = false;
      stop();
    };
  }, [host, running]);
  return { look: look?.view, elapsed: look ? Math.max(0, now - look.at) : 0, problem, take };
}

/** Every few seconds, and after what the resolver says or hears. */
function repeat(host: string, refresh: () => void, tick: () => void): () => void {
  const poll = setInterval(refresh, POLL_MS);
  const ticking = setInterval(tick, TICK_MS);
  let soon: ReturnType<typeof setTimeout> | undefined;
  const unlisten = onNews((messages) => {
    const concerned = messages.some(
      ({ protocol, from, to }) => protocol === 'dns' && (from === host || to === host),
    );
    if (!concerned) return;
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
