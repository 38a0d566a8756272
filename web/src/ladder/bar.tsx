/** Above the ladder: what is shown of it, and how. */
import type { JSX } from 'preact';
import { ViewSwitch } from '../parts/view-switch.tsx';
import { setFilter } from '../state/actions.ts';
import {
  filterText,
  internet,
  ladderAsTable,
  log,
  paused,
  protocols,
  rows,
} from '../state/store.ts';
import { hasTerm, narrow, toggleProtocol } from '../state/terms.ts';
import { countText } from '../state/units.ts';
import { texts } from '../texts.ts';

export function LadderBar(): JSX.Element {
  const spoken = new Set(protocols.value.keys());
  const shown = rows.value.messages.length;
  const all = log.messages.length;
  return (
    <div class="bar">
      <h2 class="cap">{texts.ladder.label}</h2>
      <fieldset class="chips">
        <legend class="unseen">{texts.filter.protocols}</legend>
        {[...protocols.value].map(([protocol, count]) => (
          <button
            type="button"
            key={protocol}
            class={`pick p-${protocol}`}
            aria-pressed={hasTerm(filterText.value, protocol)}
            onClick={() => setFilter(toggleProtocol(filterText.value, protocol, spoken))}
          >
            <i />
            {protocol.toUpperCase()} <small>{countText(count)}</small>
          </button>
        ))}
      </fieldset>
      <HostPick />
      {shown < all && !paused.value && (
        <span class="soft">{texts.ladder.shown(countText(shown), countText(all))}</span>
      )}
      <span class="grow" />
      <ViewSwitch of={texts.ladder.label} table={ladderAsTable} />
    </div>
  );
}

const HOST_TERM = /(?: && )?host == ([^\s()]+)$/;

function HostPick(): JSX.Element {
  const chosen = HOST_TERM.exec(filterText.value.trim())?.[1] ?? '';
  const change = (host: string) => {
    const without = chosen ? narrow(filterText.value, `host == ${chosen}`) : filterText.value;
    setFilter(host ? narrow(without, `host == ${host}`) : without);
  };
  return (
    <select
      class="hosts"
      aria-label={texts.filter.hostLabel}
      value={chosen}
      onChange={(event) => change(event.currentTarget.value)}
    >
      <option value="">{texts.filter.host}</option>
      {internet.value?.hosts.map(({ name }) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}
