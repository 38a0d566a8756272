/** The page that was loaded last on the page of the Web, and which of its objects is looked at. */
import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { LoadView } from '../../../src/internet/dashboard/api.ts';
import type { PageMode } from '../../../src/page/index.ts';
import { type Loaded, messagesOf, messagesOfLoad } from '../loading/messages.ts';
import { select } from './actions.ts';
import { api, sentence } from './api.ts';
import { internet, ladderScope, log, selectedId, version, webTab } from './store.ts';

export interface Loading {
  readonly host: string;
  readonly url: string;
  readonly mode: PageMode;
  readonly busy: boolean;
  readonly view?: LoadView;
  readonly problem?: string;
}

export const loading: Signal<Loading | undefined> = signal(undefined);
export const waterfallAsTable: Signal<boolean> = signal(false);

/** The machines that a user sits at; where there are none, all that run. */
export const users: ReadonlySignal<readonly string[]> = computed(() => {
  const running = internet.value?.hosts.filter((host) => host.running) ?? [];
  const sat = running.filter(({ role }) => role === 'user');
  return (sat.length > 0 ? sat : running).map(({ name }) => name);
});

export interface Proxy {
  readonly host: string;
  readonly port: number;
}

export const proxies: ReadonlySignal<readonly Proxy[]> = computed(() =>
  (internet.value?.hosts ?? []).flatMap(({ name, services }) =>
    services
      .filter((service) => service.name === 'proxy')
      .map(({ port }) => ({ host: name, port })),
  ),
);

/** The last page stays in sight until the next one has come. */
export async function loadPage(host: string, url: string, mode: PageMode): Promise<void> {
  const asked = { host, url, mode };
  const { view: before } = loading.value ?? {};
  loading.value = { ...asked, busy: true, ...(before && { view: before }) };
  try {
    const view = await api.load({ ...asked, har: true });
    batch(() => {
      if (selectedId.value !== undefined) select(undefined);
      loading.value = { ...asked, busy: false, view };
    });
  } catch (error) {
    loading.value = { ...asked, busy: false, problem: sentence(error) };
  }
}

const loaded: ReadonlySignal<Loaded | undefined> = computed(() => {
  const { host, view, busy } = loading.value ?? {};
  if (host === undefined || !view || busy) return undefined;
  return { host, view, proxies: new Set(proxies.value.map((proxy) => proxy.host)) };
});

/** The messages of each object, as far as they are kept. */
export const objectMessages: ReadonlySignal<ReturnType<typeof messagesOf>> = computed(() => {
  version.value;
  return loaded.value ? messagesOf(log.messages, loaded.value) : [];
});

/** Limits the ladder to what was said for the page, until the returned function is called. */
export function keepScope(): () => void {
  const stop = effect(() => {
    version.value;
    const of = webTab.value === 'messages' ? loaded.value : undefined;
    const ids = of && messagesOfLoad(log.messages, of).map(({ id }) => id);
    const same =
      ids?.length === ladderScope.peek()?.size && ids?.every((id) => ladderScope.peek()?.has(id));
    if (!same) ladderScope.value = ids && new Set(ids);
  });
  return () => {
    stop();
    ladderScope.value = undefined;
  };
}

/** The object that the chosen message belongs to; -1 where it belongs to none. */
export const chosenObject: ReadonlySignal<number> = computed(() =>
  objectMessages.value.findIndex((messages) => messages.some(({ id }) => id === selectedId.value)),
);

/** The messages of that object: they stand out in the ladder. */
export const markedMessages: ReadonlySignal<ReadonlySet<number>> = computed(
  () => new Set(objectMessages.value[chosenObject.value]?.map(({ id }) => id)),
);

/** Opens the request of an object, or what else is known of it. */
export function chooseObject(index: number): void {
  const messages = objectMessages.value[index] ?? [];
  const request = messages.find(({ role, protocol }) => protocol === 'http' && role === 'request');
  const first = request ?? messages[0];
  if (first) select(first.id);
}
