/** The tree of zones as a table. */
import type { JSX } from 'preact';
import { countText } from '../state/units.ts';
import { texts } from '../texts.ts';
import type { Zone } from './tree.ts';
import { HostButton, ZoneButton } from './tree.tsx';

const words = texts.names.tree;

export function ZoneTable({ zones }: { zones: readonly Zone[] }): JSX.Element {
  return (
    <table class="grid zone-table">
      <thead>
        <tr>
          {words.columns.map((name, index) => (
            <th key={name} scope="col" class={index > 2 ? 'number' : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {zones.map(({ origin, parent, servers, records, delegations }) => (
          <tr key={origin} data-zone={origin}>
            <th scope="row">
              <ZoneButton origin={origin} />
            </th>
            <td>{parent ?? '–'}</td>
            <td>
              <span class="servers">
                {servers.map(({ host }) => (
                  <HostButton key={host} host={host} />
                ))}
              </span>
            </td>
            <td class="number">{[...new Set(servers.map(({ serial }) => serial))].join(', ')}</td>
            <td class="number">{countText(records)}</td>
            <td class="number">{countText(delegations)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
