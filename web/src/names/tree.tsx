/** The tree of zones as a drawing: nested lists, so that it is also read as what it is. */
import { computed } from '@preact/signals';
import { Fragment, type JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { HOST_CARD_ID, toggleHostCard } from '../map/host-card.tsx';
import { NARROW } from '../parts/hooks.ts';
import { chooseZone } from '../state/actions.ts';
import { lookup, resolvers, stepIndex, walk } from '../state/names.ts';
import { internet, openZone } from '../state/store.ts';
import { countText } from '../state/units.ts';
import { texts } from '../texts.ts';
import { differing, treeOf, type Zone, type ZoneNode } from './tree.ts';
import { stepNumbers } from './walk.ts';

const words = texts.names.tree;

const marks = computed(() => stepNumbers(walk.value.steps));
const current = computed(() => walk.value.steps[stepIndex.value]);

export function ZoneTree({ zones }: { zones: readonly Zone[] }): JSX.Element {
  return (
    <div class="zone-tree">
      <Askers />
      <Branches nodes={treeOf(zones)} />
    </div>
  );
}

/** Beside the tree: the user of the walk, and the resolvers, which serve no zone. */
function Askers(): JSX.Element {
  const asks = lookup.value?.host;
  const hosts = [...(asks === undefined ? [] : [asks]), ...resolvers.value];
  const step = current.value;
  const between = step && step.zone === undefined ? step.message : undefined;
  return (
    <ul class="askers" aria-label={words.asking}>
      {hosts.map((host) => {
        const hot = between?.from === host || between?.to === host;
        return (
          <li key={host} class={hot ? 'asker hot' : 'asker'}>
            <HostButton host={host} />
            <Numbers numbers={marks.value.hosts.get(host)} />
          </li>
        );
      })}
    </ul>
  );
}

function Branches({ nodes }: { nodes: readonly ZoneNode[] }): JSX.Element {
  return (
    <ul class="branches">
      {nodes.map(({ zone, below }) => (
        <li key={zone.origin}>
          <ZoneCard zone={zone} />
          {below.length > 0 && <Branches nodes={below} />}
        </li>
      ))}
    </ul>
  );
}

function ZoneCard({ zone }: { zone: Zone }): JSX.Element {
  const { origin, servers } = zone;
  const card = useRef<HTMLDivElement>(null);
  const hot = current.value?.zone === origin;
  useEffect(() => {
    // Where the tree scrolls with the whole page, that would take the steps out of sight.
    if (hot && !matchMedia(NARROW).matches)
      card.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [hot]);
  const off = servers.every(({ running }) => !running);
  const open = openZone.value === origin;
  const numbers = marks.value.zones.get(origin);
  const states = { hot, off, open, seen: numbers !== undefined };
  const classes = Object.entries(states).flatMap(([name, holds]) => (holds ? [name] : []));
  return (
    <div ref={card} class={['zone', ...classes].join(' ')} data-zone={origin}>
      <div class="zone-head">
        <ZoneButton origin={origin} />
        <span class="servers">
          {servers.map(({ host }) => (
            <HostButton key={host} host={host} />
          ))}
        </span>
      </div>
      <Numbers numbers={numbers} />
      <ZoneFacts zone={zone} />
    </div>
  );
}

export function ZoneButton({ origin }: { origin: string }): JSX.Element {
  return (
    <button
      type="button"
      class="plain zone-name"
      aria-pressed={openZone.value === origin}
      title={words.open(origin)}
      onClick={() => chooseZone(origin)}
    >
      {origin === '.' ? words.root : origin}
    </button>
  );
}

function ZoneFacts({ zone }: { zone: Zone }): JSX.Element {
  const { servers, records, delegations } = zone;
  const copies = differing(zone);
  const facts = [
    words.serial(servers[0]?.serial ?? 0),
    words.records(countText(records), records === 1),
    ...(delegations > 0 ? [words.delegated(countText(delegations))] : []),
  ];
  return (
    <span class="zone-facts">
      {facts.map((fact, index) => (
        <Fragment key={fact}>
          {index > 0 && ' · '}
          <span>{fact}</span>
        </Fragment>
      ))}
      {copies.length > 0 && (
        <em>
          {words.differ(copies.map(({ host, serial }) => words.copy(host, serial)).join(', '))}
        </em>
      )}
      {servers.every(({ running }) => !running) && <em>{words.nobody}</em>}
    </span>
  );
}

/** A host with its lamp; its card opens beside it. */
export function HostButton({ host }: { host: string }): JSX.Element {
  const running = internet.value?.hosts.find(({ name }) => name === host)?.running ?? true;
  return (
    <button
      type="button"
      class={running ? 'host' : 'host off'}
      aria-label={words.server(host, running)}
      aria-haspopup="dialog"
      aria-controls={HOST_CARD_ID}
      onClick={(event) => toggleHostCard(host, event.currentTarget)}
    >
      <i class={running ? 'lamp' : 'lamp out'} />
      {host}
    </button>
  );
}

/** The steps that came by here; the one that is looked at is filled. */
function Numbers({ numbers }: { numbers: readonly number[] | undefined }): JSX.Element | null {
  if (!numbers) return null;
  return (
    <span class="numbers-of-steps">
      <span class="unseen">{words.steps(numbers.join(', '), numbers.length === 1)}</span>
      {numbers.map((number) => (
        <i
          key={number}
          aria-hidden="true"
          class={number === stepIndex.value + 1 ? 'step-number on' : 'step-number'}
        >
          {number}
        </i>
      ))}
    </span>
  );
}
