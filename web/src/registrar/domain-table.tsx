/** All names of a registrar; each opens. */
import type { JSX } from 'preact';
import type { DomainView } from '../../../src/registration/types.ts';
import { texts } from '../texts.ts';
import { dayOf } from './facts.tsx';
import { findName } from './state.ts';

const words = texts.names.register.table;

export function DomainTable({ domains }: { domains: readonly DomainView[] }): JSX.Element {
  if (domains.length === 0) return <p class="note soft">{words.none}</p>;
  return (
    <table class="grid domains" aria-label={words.label}>
      <thead>
        <tr>
          {words.columns.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {domains.map(({ name, registrant, expires, status, nameServers }) => (
          <tr key={name}>
            <th scope="row">
              <button type="button" class="plain link" onClick={() => findName(name)}>
                {name}
              </button>
            </th>
            <td>{registrant.name}</td>
            <td>{dayOf(expires)}</td>
            <td>{status.join(', ')}</td>
            <td>{nameServers.map((server) => server.name).join(', ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
