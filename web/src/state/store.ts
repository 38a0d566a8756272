/** What the page knows, as signals: the views read them, the actions write them. */
import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { HostView, InternetView, LiveEvent } from '../../../src/internet/dashboard/api.ts';
import type { MessageLine } from '../../../src/trace/message.ts';
import { RowKeeper, type Rows } from '../ladder/rows.ts';
import { texts } from '../texts.ts';
import { api } from './api.ts';
import { type Filter, parseFilter, type Test } from './filter.ts';
import { Live, type LiveState } from './live.ts';
import { MessageLog } from './log.ts';
import type { MailTab, PageName, WebTab } from './route.ts';

export type DialogName = 'load' | 'lookup' | 'ping' | 'hosts' | 'help';

export type NamesTab = 'walk' | 'zone' | 'cache' | 'register';

export interface OpenDialog {
  readonly name: DialogName;
  /** The host to begin with. */
  readonly host?: string;
}

export const page: Signal<PageName> = signal('internet');
/** What stands below the tree of zones. */
export const namesTab: Signal<NamesTab> = signal('walk');
/** What stands below the waterfall. */
export const webTab: Signal<WebTab> = signal('messages');
/** What the page of mail shows. */
export const mailTab: Signal<MailTab> = signal('ways');
/** The message whose way is shown; the newest while none was chosen. */
export const openLetter: Signal<string | undefined> = signal(undefined);
/** The zone whose file is open. */
export const openZone: Signal<string | undefined> = signal(undefined);
export const internet: Signal<InternetView | undefined> = signal(undefined);
/** The page's own clock, `performance.now()`, at the clock of the run being 0. */
export const runBegan: Signal<number> = signal(0);
export const liveState: Signal<LiveState> = signal('connecting');
export const log: MessageLog = new MessageLog();
/** Goes up with every batch of news. */
export const version: Signal<number> = signal(0);
export const filterText: Signal<string> = signal('');
/** The newest message that is shown; infinite while not paused. */
export const upTo: Signal<number> = signal(Number.POSITIVE_INFINITY);
export const selectedId: Signal<number | undefined> = signal(undefined);
/** The ladder stays at its end. */
export const following: Signal<boolean> = signal(true);
export const dialog: Signal<OpenDialog | undefined> = signal(undefined);
/** The only messages that the ladder shows, where it is limited to some. */
export const ladderScope: Signal<ReadonlySet<number> | undefined> = signal(undefined);
export const mapAsTable: Signal<boolean> = signal(false);
export const ladderAsTable: Signal<boolean> = signal(false);
/** Said to who can't see it. */
export const announcement: Signal<string> = signal('');
/** What could not be done, as a sentence that stays until the next action. */
export const trouble: Signal<string> = signal('');

export const paused: ReadonlySignal<boolean> = computed(
  () => upTo.value !== Number.POSITIVE_INFINITY,
);

const parsed: ReadonlySignal<Filter> = computed(() => parseFilter(filterText.value));

export const filterProblem: ReadonlySignal<string | undefined> = computed(() =>
  parsed.value.ok ? undefined : parsed.value.problem,
);

let lastGood: Test = () => true;

const keeper = new RowKeeper();

/** While the filter is being written and can't be understood, the last good one holds. */
const test: ReadonlySignal<Test> = computed(() => {
  if (parsed.value.ok) lastGood = parsed.value.test;
  const [good, scope] = [lastGood, ladderScope.value];
  return scope ? (message) => scope.has(message.id) && good(message) : good;
});

export const rows: ReadonlySignal<Rows> = computed(() => {
  version.value;
  return keeper.rows(log, { test: test.value, upTo: upTo.value });
});

/** How many messages came since the pause. */
export const waiting: ReadonlySignal<number> = computed(() => {
  version.value;
  if (!paused.value) return 0;
  let count = 0;
  for (let at = log.messages.length - 1; at >= 0; at--) {
    if ((log.messages[at]?.id ?? 0) > upTo.value) count++;
  }
  return count;
});

/** The protocols that were spoken, and how often. */
export const protocols: ReadonlySignal<ReadonlyMap<string, number>> = computed(() => {
  version.value;
  return new Map(log.protocols);
});

export const selected: ReadonlySignal<MessageLine | undefined> = computed(() => {
  version.value;
  return selectedId.value === undefined ? undefined : log.get(selectedId.value);
});

const newsListeners = new Set<(messages: readonly MessageLine[]) => void>();

/** Tells of messages as they come; the past, and what waits behind a pause, is not told. */
export function onNews(listener: (messages: readonly MessageLine[]) => void): () => void {
  newsListeners.add(listener);
  return () => newsListeners.delete(listener);
}

function setHost(host: HostView): void {
  const view = internet.value;
  if (!view) return;
  const hosts = view.hosts.map((old) => (old.name === host.name ? host : old));
  internet.value = { ...view, hosts };
}

function take(event: LiveEvent): void {
  if (event.type === 'messages') {
    const news = event.messages.filter(({ id }) => id > past);
    log.add(event.messages);
    if (!paused.value && news.length > 0) for (const tell of newsListeners) tell(news);
  } else if (event.type === 'updates') log.update(event.updates);
  else if (event.type === 'host') setHost(event.host);
  else {
    log.clear();
    upTo.value = Number.POSITIVE_INFINITY;
    selectedId.value = undefined;
  }
}

/** Messages up to this one were said before the page was opened. */
let past = 0;

async function refresh(): Promise<void> {
  const view = await api.internet();
  const old = internet.value;
  batch(() => {
    internet.value = view;
    runBegan.value = performance.now() - view.now;
    document.title = texts.pageTitle(view.title);
    if (!old) past = view.newest;
    else if (Math.abs(old.epoch - view.epoch) > 1_000) startOver();
  });
}

/** Another internet answers now: nothing that was said in the old one belongs to it. */
function startOver(): void {
  log.clear();
  log.newest = 0;
  past = 0;
  selectedId.value = undefined;
  upTo.value = Number.POSITIVE_INFINITY;
  version.value++;
  live.open();
}

const live = new Live({
  onEvents(events) {
    batch(() => {
      events.forEach(take);
      version.value++;
    });
  },
  onState(state) {
    liveState.value = state;
  },
  onReturn() {
    refresh().catch(() => {
      liveState.value = 'lost';
    });
  },
  newest: () => log.newest,
});

/** Gets the internet and opens the channel; tries again until it is there. */
export async function connect(): Promise<void> {
  try {
    await refresh();
    live.open();
  } catch {
    liveState.value = 'lost';
    setTimeout(connect, 1_000);
  }
}
