/** What a person can do, by button or by key. */
import { batch } from '@preact/signals';
import { texts } from '../texts.ts';
import { api, sentence } from './api.ts';
import {
  hashOf,
  MAIL_TABS,
  type MailTab,
  type PageName,
  parseRoute,
  type Route,
  WEB_TABS,
  type WebTab,
} from './route.ts';
import {
  announcement,
  filterText,
  following,
  internet,
  log,
  mailTab,
  namesTab,
  openLetter,
  openZone,
  page,
  paused,
  rows,
  selectedId,
  trouble,
  upTo,
  version,
  webTab,
} from './store.ts';

export function select(id: number | undefined): void {
  batch(() => {
    selectedId.value = id;
    if (id !== undefined && id !== log.newest) following.value = false;
  });
  tellAddress();
}

/** The address says what is shown, so that it can be kept and handed on. */
function tellAddress(): void {
  history.replaceState(null, '', hashOf(shown(page.value)) || location.pathname);
}

function shown(on: PageName): Route {
  const [message, zone, letter] = [selectedId.value, openZone.value, openLetter.value];
  return {
    page: on,
    ...(message !== undefined && { message }),
    ...(zone !== undefined && { zone }),
    ...(webTab.value !== WEB_TABS[0] && { tab: webTab.value }),
    ...(mailTab.value !== MAIL_TABS[0] && { mailTab: mailTab.value }),
    ...(letter !== undefined && { letter }),
  };
}

/** The address of a page, with the message and the zone that are open now. */
export function addressOf(on: PageName): string {
  return hashOf(shown(on)) || '#/';
}

/** Shows what an address names. */
export function follow(hash: string): void {
  const route = parseRoute(hash);
  batch(() => {
    page.value = route.page;
    selectedId.value = route.message;
    if (route.message !== undefined) following.value = false;
    if (route.page === 'web') webTab.value = route.tab ?? WEB_TABS[0];
    if (route.page === 'mail') {
      mailTab.value = route.mailTab ?? MAIL_TABS[0];
      openLetter.value = route.letter;
    }
    if (route.page !== 'names') return;
    if (route.zone !== undefined && route.zone !== openZone.value) namesTab.value = 'zone';
    openZone.value = route.zone;
  });
}

/** Opens the zone file of a zone. */
export function chooseZone(origin: string): void {
  batch(() => {
    openZone.value = origin;
    namesTab.value = 'zone';
  });
  tellAddress();
}

/** Shows one of the panels below the waterfall. */
export function chooseWebTab(tab: WebTab): void {
  webTab.value = tab;
  tellAddress();
}

/** Shows one of the parts of the page of mail. */
export function chooseMailTab(tab: MailTab): void {
  mailTab.value = tab;
  tellAddress();
}

/** Shows the way of a message. */
export function chooseLetter(id: string): void {
  openLetter.value = id;
  chooseMailTab('ways');
}

/** Shows some conversations on the ladder of the internet, the first message open; the way back leads back. */
export function showInLadder(conversations: readonly number[], message: number | undefined): void {
  batch(() => {
    setFilter(conversations.map((one) => `conv == ${one}`).join(' || '));
    following.value = message === undefined;
  });
  location.hash = hashOf({ page: 'internet', ...(message !== undefined && { message }) }) || '#/';
}

/** Moves the selection among the rows that are shown. */
export function move(steps: number): void {
  const { messages } = rows.value;
  if (messages.length === 0) return;
  const at = messages.findIndex(({ id }) => id === selectedId.value);
  const start = at === -1 ? (steps > 0 ? -1 : messages.length) : at;
  const next = Math.min(messages.length - 1, Math.max(0, start + steps));
  select(messages[next]?.id);
}

/** To the next (1) or previous (-1) message of the same conversation. */
export function moveInConversation(step: 1 | -1): void {
  const current = log.get(selectedId.value ?? 0);
  if (!current) {
    move(step);
    return;
  }
  const all = rows.value.messages;
  const { conversation } = current;
  const own = all.filter((message) => message === current || message.conversation === conversation);
  const next = own[own.indexOf(current) + step];
  if (next) select(next.id);
}

export function togglePause(): void {
  upTo.value = paused.value ? Number.POSITIVE_INFINITY : log.newest;
  announcement.value = paused.value ? texts.run.pausedNow : texts.run.goesOn;
}

/** Shows one message more; pauses first. */
export function step(): void {
  if (!paused.value) {
    togglePause();
    return;
  }
  const before = rows.value.messages.length;
  const later = log.messages.map(({ id }) => id).filter((id) => id > upTo.value);
  for (const id of later.sort((a, b) => a - b)) {
    upTo.value = id;
    if (rows.value.messages.length > before) {
      select(id);
      following.value = true;
      return;
    }
  }
}

/** Does something that can be refused, and says so where it is. */
export async function attempt(action: () => Promise<unknown>): Promise<void> {
  trouble.value = '';
  try {
    await action();
  } catch (error) {
    trouble.value = sentence(error);
  }
}

export function clear(): Promise<void> {
  return attempt(async () => {
    await api.clear();
    version.value++;
    announcement.value = texts.run.cleared;
  });
}

export function switchHost(name: string, on: boolean): Promise<void> {
  return attempt(async () => {
    const host = await api.switchHost(name, on);
    const view = internet.value;
    if (view)
      internet.value = {
        ...view,
        hosts: view.hosts.map((old) => (old.name === name ? host : old)),
      };
    announcement.value = texts.hosts.switched(name, on);
  });
}

export function setFilter(text: string): void {
  filterText.value = text;
}

export function toNewest(): void {
  following.value = true;
}
