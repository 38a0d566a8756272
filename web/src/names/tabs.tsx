/** Below the tree: the walk, a zone file, a cache, and the registrar. */
import type { JSX, RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { NARROW } from '../parts/hooks.ts';
import { Tabs } from '../parts/tabs.tsx';
import { RegistrarPanel } from '../registrar/panel.tsx';
import { lookup, registrars, walk } from '../state/names.ts';
import { type NamesTab, namesTab, openZone } from '../state/store.ts';
import { texts } from '../texts.ts';
import { CachePanel } from './cache-panel.tsx';
import { WalkPanel } from './walk-panel.tsx';
import { ZonePanel } from './zone-panel.tsx';

const words = texts.names.tabs;

const PANELS: Readonly<Record<NamesTab, () => JSX.Element>> = {
  walk: WalkPanel,
  zone: ZonePanel,
  cache: CachePanel,
  register: RegistrarPanel,
};

/** Names are registered where a registrar has its site on this internet. */
function tabsHere(): readonly NamesTab[] {
  const usual: readonly NamesTab[] = ['walk', 'zone', 'cache'];
  return registrars.value.length > 0 ? [...usual, 'register'] : usual;
}

/** Where the tree stands above and the window is small, what was asked for is brought into sight. */
function useInSight(section: RefObject<HTMLElement | null>): void {
  const wanted = `${namesTab.value} ${openZone.value} ${lookup.value?.after}`;
  const last = useRef(wanted);
  useEffect(() => {
    if (last.current !== wanted && matchMedia(NARROW).matches)
      section.current?.scrollIntoView({ block: 'start' });
    last.current = wanted;
  }, [wanted]);
}

export function NamesTabs(): JSX.Element {
  const section = useRef<HTMLElement>(null);
  useInSight(section);
  const tabs = tabsHere();
  const chosen = tabs.includes(namesTab.value) ? namesTab.value : 'walk';
  const Panel = PANELS[chosen];
  return (
    <section class="below" aria-label={words.label} ref={section}>
      <Tabs
        label={words.label}
        id="names-panel"
        tabs={tabs.map((name) => ({ name, label: words[name], detail: detail(name) }))}
        chosen={chosen}
        onChoose={(name) => {
          namesTab.value = name;
        }}
      >
        <Panel />
      </Tabs>
    </section>
  );
}

function detail(tab: NamesTab): string | number | undefined {
  if (tab === 'zone') return openZone.value;
  const steps = walk.value.steps.length;
  return tab === 'walk' && steps > 0 ? steps : undefined;
}
