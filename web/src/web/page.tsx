/** The Web: a page load on an axis of time, and below it its messages, its formulas, and who remembers what. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { LoadBar } from '../loading/bar.tsx';
import { LoadedPage } from '../loading/loaded.tsx';
import { keepScope } from '../state/web.ts';
import { texts } from '../texts.ts';
import { WebTabs } from './tabs.tsx';

export function WebPage(): JSX.Element {
  useEffect(keepScope, []);
  return (
    <div class="web">
      <section class="loading" aria-label={texts.web.load.label}>
        <LoadBar />
        <LoadedPage />
      </section>
      <WebTabs />
    </div>
  );
}
