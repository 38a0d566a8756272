/** Below the tree: the walk, a zone file, a cache, and the registrar. */
import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { NARROW } from '../parts/hooks.ts';
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

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

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
  const list = useRef<HTMLDivElement>(null);
  const tabs = tabsHere();
  const chosen = tabs.includes(namesTab.value) ? namesTab.value : 'walk';
  const Panel = PANELS[chosen];
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = tabs.at((tabs.indexOf(chosen) + step) % tabs.length) ?? 'walk';
    namesTab.value = next;
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <section class="below" aria-label={words.label} ref={section}>
      <div class="tabs" role="tablist" aria-label={words.label} ref={list} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <Tab key={tab} tab={tab} chosen={tab === chosen}>
            {words[tab]} <Detail tab={tab} />
          </Tab>
        ))}
      </div>
      <div class="panel" id="names-panel" role="tabpanel" aria-labelledby={`tab-${chosen}`}>
        <Panel />
      </div>
    </section>
  );
}

function Tab(props: { tab: NamesTab; chosen: boolean; children: ComponentChildren }): JSX.Element {
  return (
    <button
      type="button"
      role="tab"
      id={`tab-${props.tab}`}
      aria-selected={props.chosen}
      aria-controls="names-panel"
      tabIndex={props.chosen ? 0 : -1}
      onClick={() => {
        namesTab.value = props.tab;
      }}
    >
      {props.children}
    </button>
  );
}

function Detail({ tab }: { tab: NamesTab }): JSX.Element | null {
  if (tab === 'zone') return <small>{openZone.value}</small>;
  if (tab === 'walk' && walk.value.steps.length > 0)
    return <small>{walk.value.steps.length}</small>;
  return null;
}
