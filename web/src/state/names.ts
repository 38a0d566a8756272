/** The zones and resolvers of this internet, kept up to date, and the walk that is looked at. */
import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { NamesView, RegistrarView } from '../../../src/internet/dashboard/api.ts';
import type { Zone } from '../names/tree.ts';
import { type Asked, NO_WALK, type Walk, walkOf } from '../names/walk.ts';
import { texts } from '../texts.ts';
import { select } from './actions.ts';
import { api, sentence } from './api.ts';
import {
  announcement,
  internet,
  liveState,
  log,
  namesTab,
  page,
  paused,
  selectedId,
  version,
} from './store.ts';

/** Undefined until the internet has told. */
export const zones: Signal<readonly Zone[] | undefined> = signal(undefined);
export const resolvers: Signal<readonly string[]> = signal([]);
export const registrars: Signal<readonly RegistrarView[]> = signal([]);
export const namesProblem: Signal<string | undefined> = signal(undefined);
export const treeAsTable: Signal<boolean> = signal(false);

/** Zones change only by registration and by hosts that stop, so this is quick enough. */
const POLL_MS = 2_000;

function take(view: NamesView): void {
  batch(() => {
    renew<readonly Zone[] | undefined>(zones, view.zones);
    renew(resolvers, view.resolvers);
    renew(registrars, view.registrars);
    namesProblem.value = undefined;
  });
}

/** What says the same stays the same object, and nothing is drawn again. */
function renew<T>(held: Signal<T>, next: T): void {
  if (JSON.stringify(next) !== JSON.stringify(held.value)) held.value = next;
}

export async function refreshNames(): Promise<void> {
  try {
    take(await api.names());
  } catch (error) {
    namesProblem.value = sentence(error);
  }
}

/** Keeps the zones fresh until the returned function is called. */
export function keepNames(): () => void {
  const hosts = computed(() =>
    internet.value?.hosts.map(({ name, running }) => `${name} ${running}`).join(),
  );
  let epoch = internet.value?.epoch;
  const onHosts = effect(() => {
    if (hosts.value === undefined || liveState.value === 'lost') return;
    const now = internet.peek()?.epoch;
    if (epoch !== undefined && now !== undefined && Math.abs(now - epoch) > 1_000)
      zones.value = undefined;
    epoch = now;
    refreshNames();
  });
  const onTime = effect(() => {
    if (page.value !== 'names' || paused.value) return undefined;
    refreshNames();
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') refreshNames();
    }, POLL_MS);
    return () => clearInterval(timer);
  });
  const onClear = effect(() => {
    version.value;
    if (log.messages.length > 0 || !kept?.walk.steps.length) return;
    kept = undefined;
    lookup.value = undefined;
  });
  return () => {
    onHosts();
    onTime();
    onClear();
  };
}

export interface Lookup extends Asked {
  readonly busy: boolean;
  /** The answer in a sentence. */
  readonly told?: string;
  readonly problem?: string;
}

export const lookup: Signal<Lookup | undefined> = signal(undefined);
export const stepIndex: Signal<number> = signal(0);
export const playing: Signal<boolean> = signal(false);

let kept: { readonly of: Lookup; readonly walk: Walk } | undefined;

/** Once the user has the answer, what is said later does not belong to it. */
export const walk: ReadonlySignal<Walk> = computed(() => {
  version.value;
  const asked = lookup.value;
  if (!asked) return NO_WALK;
  const first = kept?.walk.steps[0]?.message.id;
  if (kept?.of.after === asked.after && kept.walk.done)
    return first !== undefined && log.get(first) ? kept.walk : NO_WALK;
  kept = { of: asked, walk: walkOf(log.messages, asked, zones.value ?? []) };
  return kept.walk;
});

export async function resolveName(host: string, name: string): Promise<void> {
  const asked: Asked = { host, name, after: log.newest };
  batch(() => {
    kept = undefined;
    lookup.value = { ...asked, busy: true };
    stepIndex.value = 0;
    playing.value = false;
    namesTab.value = 'walk';
  });
  try {
    const { addresses } = await api.lookup({ host, name });
    const words = texts.names.walk;
    const told =
      addresses.length > 0 ? words.found(name, addresses.join(', ')) : words.nothing(name);
    lookup.value = { ...asked, busy: false, told };
  } catch (error) {
    lookup.value = { ...asked, busy: false, problem: sentence(error) };
  }
}

/** To a step, if there is one; an open message follows. */
export function goToStep(index: number): void {
  const { steps } = walk.value;
  const step = steps[index];
  if (!step) return;
  stepIndex.value = index;
  announcement.value = texts.names.walk.at(index + 1, steps.length);
  if (selectedId.value !== undefined) select(step.message.id);
}

export function moveInWalk(steps: 1 | -1): void {
  playing.value = false;
  goToStep(stepIndex.value + steps);
}

export function togglePlay(): void {
  const { steps } = walk.value;
  if (steps.length === 0) return;
  if (!playing.value && stepIndex.value >= steps.length - 1) stepIndex.value = 0;
  playing.value = !playing.value;
}
