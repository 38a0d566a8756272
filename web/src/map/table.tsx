/** The map as a table. */
import type { JSX } from 'preact';
import type { HostView, InternetView } from '../../../src/internet/dashboard/api.ts';
import { endpoint } from '../parts/near.ts';
import { switchHost } from '../state/actions.ts';
import { texts } from '../texts.ts';
import { State } from './host-card.tsx';

export function MapTable({ view }: { view: InternetView }): JSX.Element {
  const places = new Map(view.places.map(({ id, title }) => [id, title]));
  return (
    <div class="map-table">
      <HostTable hosts={view.hosts} places={places} />
    </div>
  );
}

export function HostTable(props: {
  hosts: readonly HostView[];
  places: ReadonlyMap<string, string>;
  /** Without the columns that say how to reach a host. */
  brief?: boolean;
}): JSX.Element {
  const columns = props.brief
    ? texts.map.columns.filter((name) => !texts.map.reach.includes(name))
    : texts.map.columns;
  return (
    <table class="grid">
      <thead>
        <tr>
          {columns.map((name) => (
            <th key={name} scope="col">
              {name || <span class="unseen">{texts.nav.do}</span>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.hosts.map((host) => (
          <HostRow
            key={host.name}
            host={host}
            place={props.places.get(host.place) ?? host.place}
            brief={props.brief ?? false}
          />
        ))}
      </tbody>
    </table>
  );
}

function HostRow(props: { host: HostView; place: string; brief: boolean }): JSX.Element {
  const { host, place, brief } = props;
  const { name, title, address, services, running } = host;
  const act = running ? texts.hosts.stop : texts.hosts.start;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{title}</td>
      <td>{place}</td>
      {!brief && (
        <>
          <td>
            <code>{address}</code>
          </td>
          <td>
            {services
              .map(
                (service) => `${service.name} ${endpoint(service.realAddress, service.realPort)}`,
              )
              .join(', ') || '–'}
          </td>
        </>
      )}
      <td>
        <State running={running} />
      </td>
      <td>
        <button
          type="button"
          class="button small"
          aria-label={`${act} ${name}`}
          onClick={() => switchHost(name, !running)}
        >
          {act}
        </button>
      </td>
    </tr>
  );
}
