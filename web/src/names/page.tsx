/** Names: the tree of zones, a walk through it, and what a resolver remembers. */
import type { JSX } from 'preact';
import { ViewSwitch } from '../parts/view-switch.tsx';
import { namesProblem, treeAsTable, zones } from '../state/names.ts';
import { texts } from '../texts.ts';
import { NamesTabs } from './tabs.tsx';
import { ZoneTree } from './tree.tsx';
import { ZoneTable } from './tree-table.tsx';
import { WalkBar } from './walk-bar.tsx';

const words = texts.names.tree;

export function NamesPage(): JSX.Element {
  return (
    <div class="names">
      <section class="zones" aria-label={words.label}>
        <div class="bar">
          <h2 class="cap">{words.label}</h2>
          <WalkBar />
          <span class="grow" />
          <ViewSwitch of={words.label} table={treeAsTable} />
        </div>
        <div class="zones-view">
          <Zones />
        </div>
      </section>
      <NamesTabs />
    </div>
  );
}

function Zones(): JSX.Element {
  const known = zones.value;
  if (!known) return <p class="soft note">{namesProblem.value ?? words.loading}</p>;
  if (known.length === 0) return <p class="soft note">{words.none}</p>;
  return treeAsTable.value ? <ZoneTable zones={known} /> : <ZoneTree zones={known} />;
}
