/** Below the waterfall: the ladder, the formulas, the proxy, cookies, and a request typed by hand. */
import type { JSX } from 'preact';
import { ByHandPanel } from '../by-hand/panel.tsx';
import { CookiesPanel } from '../cookies/panel.tsx';
import { LadderPanel } from '../ladder/panel.tsx';
import { TimesPanel } from '../loading/times-panel.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { ProxyPanel } from '../proxy/panel.tsx';
import { chooseWebTab } from '../state/actions.ts';
import { WEB_TABS, type WebTab } from '../state/route.ts';
import { webTab } from '../state/store.ts';
import { texts } from '../texts.ts';

const words = texts.web.tabs;

const PANELS: Readonly<Record<WebTab, () => JSX.Element>> = {
  messages: LadderPanel,
  times: TimesPanel,
  proxy: ProxyPanel,
  cookies: CookiesPanel,
  hand: ByHandPanel,
};

export function WebTabs(): JSX.Element {
  const chosen = webTab.value;
  const Panel = PANELS[chosen];
  return (
    <section class="below" aria-label={words.label}>
      <Tabs
        label={words.label}
        id="web-panel"
        tabs={WEB_TABS.map((name) => ({ name, label: words[name] }))}
        chosen={chosen}
        onChoose={chooseWebTab}
      >
        <Panel />
      </Tabs>
    </section>
  );
}
