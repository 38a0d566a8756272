/** What the address says: a folder or a search, and the conversation that is open. */
import { type Signal, signal } from '@preact/signals';

export interface Route {
  readonly mailboxId: string | undefined;
  readonly search: string;
  readonly threadId: string | undefined;
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [first = '', second] = path.split('/').filter((part) => part !== '');
  const search = new URLSearchParams(query).get('q') ?? '';
  const threadId = [first, second].find((part) => part !== undefined && /^T\d+$/.test(part));
  return { mailboxId: /^F\d+$/.test(first) ? first : undefined, search, threadId };
}

export function hashOf({ mailboxId, search, threadId }: Route): string {
  const path = [search === '' ? mailboxId : 'search', threadId].filter(
    (part) => part !== undefined,
  );
  const query = search === '' ? '' : `?${new URLSearchParams({ q: search })}`;
  return `#/${path.join('/')}${query}`;
}

export const route: Signal<Route> = signal(parseRoute(globalThis.location?.hash ?? ''));

export function listenToRoute(): void {
  addEventListener('hashchange', () => {
    route.value = parseRoute(location.hash);
  });
}

/** With a step of the history, unless the place stays the same. */
export function go(change: Partial<Route>, replace = false): void {
  const next = { ...route.value, ...change };
  const hash = hashOf(next);
  route.value = next;
  if (hash === location.hash) return;
  if (replace) history.replaceState(null, '', hash);
  else history.pushState(null, '', hash);
}
