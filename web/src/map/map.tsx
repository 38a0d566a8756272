/** Where: places, hosts, the core between them, and what is under way. */

import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { HostView, InternetView } from '../../../src/internet/dashboard/api.ts';
import { CALM, useMedia, useSize } from '../parts/hooks.ts';
import { px } from '../parts/px.ts';
import { ViewSwitch } from '../parts/view-switch.tsx';
import { internet, mapAsTable, onNews, selected } from '../state/store.ts';
import { texts } from '../texts.ts';
import { HOST_CARD_ID, toggleHostCard } from './host-card.tsx';
import { measureText } from './measure.ts';
import { type MapPlan, type Card as PlannedCard, planMap } from './plan.ts';
import { pathOf } from './route.ts';
import { MapTable } from './table.tsx';
import { Traffic } from './traffic.ts';

export function MapPanel(): JSX.Element {
  const view = internet.value;
  return (
    <section class="map" aria-label={texts.map.label}>
      <div class="map-bar">
        <h2 class="cap">{texts.map.label}</h2>
        <ViewSwitch of={texts.map.label} table={mapAsTable} />
      </div>
      {view && (mapAsTable.value ? <MapTable view={view} /> : <Drawing view={view} />)}
    </section>
  );
}

function Drawing({ view }: { view: InternetView }): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  const shape = view.hosts.map(({ name, place }) => `${name} ${place}`).join();
  const plan = useMemo(
    () => planMap(view.places, view.hosts, Math.max(width, 240), measureText),
    [width, shape],
  );
  const message = selected.value;
  const hot = message ? [message.from, message.to] : [];
  const hotPlaces = new Set(
    view.hosts.filter(({ name }) => hot.includes(name)).map((host) => host.place),
  );
  return (
    <div class="drawing" ref={frame}>
      {width > 0 && (
        <div class="plan" style={{ height: px(plan.height) }}>
          <Links plan={plan} hot={hotPlaces.size > 1 ? hotPlaces : new Set()} view={view} />
          {view.hosts.map((host) => (
            <Card
              key={host.name}
              host={host}
              box={plan.cards.get(host.name)}
              hot={hot.includes(host.name)}
            />
          ))}
        </div>
      )}
    </div>
  );
}

function Links(props: {
  plan: MapPlan;
  hot: ReadonlySet<string>;
  view: InternetView;
}): JSX.Element {
  const { plan, hot, view } = props;
  const layer = useRef<HTMLDivElement>(null);
  const links = useRef(new Map<string, SVGElement>());
  const calm = useMedia(CALM);
  useEffect(() => {
    if (!layer.current) return;
    const placeOf = new Map(view.hosts.map(({ name, place }) => [name, place]));
    const traffic = new Traffic({
      layer: layer.current,
      links: links.current,
      plan,
      placeOf,
      calm,
    });
    return onNews((messages) => traffic.show(messages));
  }, [plan, calm]);
  const { core } = plan;
  return (
    <>
      <svg class="links" width={plan.width} height={plan.height} aria-hidden="true">
        {plan.places.map(({ id, title, box, route }) => (
          <g key={id} class={hot.has(id) ? 'hot' : ''}>
            <rect class="place" {...box} rx="12" />
            <path
              class="link"
              d={pathOf([route])}
              ref={(element) => {
                if (element) links.current.set(id, element);
              }}
            />
            <text x={box.x + 11} y={box.y + box.height - 8}>
              {title}
            </text>
          </g>
        ))}
      </svg>
      <div class="dots" ref={layer} aria-hidden="true" />
      <span
        class="core"
        style={{
          left: px(core.x),
          top: px(core.y),
          width: px(core.width),
          height: px(core.height),
        }}
      >
        {texts.map.core}
      </span>
    </>
  );
}

function Card(props: {
  host: HostView;
  box: PlannedCard | undefined;
  hot: boolean;
}): JSX.Element | null {
  const { host, box, hot } = props;
  if (!box) return null;
  return (
    <button
      type="button"
      class={`card${hot ? ' hot' : ''}${host.running ? '' : ' off'}`}
      style={{ left: px(box.x), top: px(box.y), width: px(box.width), height: px(box.height) }}
      aria-label={texts.map.hostLabel(host.name, host.title, host.running)}
      aria-haspopup="dialog"
      aria-controls={HOST_CARD_ID}
      title={host.title}
      onClick={(event) => toggleHostCard(host.name, event.currentTarget)}
    >
      <i class={host.running ? 'lamp' : 'lamp out'} />
      {box.label}
    </button>
  );
}
