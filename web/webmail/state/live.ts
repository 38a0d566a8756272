/** What happens is shown as it happens (RFC 8620 §7.3). */
import { type Signal, signal } from '@preact/signals';
import { texts } from '../texts.ts';
import { emails, loadChanges, loadMailboxes, mailboxOf, session } from './data.ts';
import { loadList } from './list.ts';
import { tell } from './notices.ts';

export const liveState: Signal<'connecting' | 'open' | 'lost'> = signal('connecting');

const RETRY_MS = 5_000;

let source: EventSource | undefined;

export function listenLive(): void {
  source?.close();
  source = new EventSource('/jmap/eventsource/?types=Email,Mailbox&closeafter=no&ping=60');
  source.onopen = () => {
    // What happened while nobody listened.
    if (liveState.value === 'lost') void refresh();
    liveState.value = 'open';
  };
  source.onerror = () => {
    liveState.value = 'lost';
    if (source?.readyState === EventSource.CLOSED) setTimeout(again, RETRY_MS);
  };
  source.addEventListener('state', () => void refresh());
}

/** The browser has given up: perhaps the server does not know the page any more, which a question will tell. */
function again(): void {
  if (!session.value) return;
  void refresh();
  listenLive();
}

export function stopLive(): void {
  source?.close();
  source = undefined;
}

let running: Promise<void> | undefined;
let isWanted = false;

/** One at a time; what comes meanwhile is asked for once more behind it. */
export function refresh(): Promise<void> {
  if (running) {
    isWanted = true;
    return running;
  }
  running = refreshOnce()
    .catch((error: unknown) => console.warn('not refreshed', error))
    .finally(() => {
      running = undefined;
      if (!isWanted) return;
      isWanted = false;
      void refresh();
    });
  return running;
}

async function refreshOnce(): Promise<void> {
  if (!session.value) return;
  const [created] = await Promise.all([loadChanges(), loadMailboxes()]);
  await loadList();
  const inbox = mailboxOf('inbox')?.id ?? '';
  const fresh = created
    .flatMap((id) => emails.get(id) ?? [])
    .filter(({ mailboxIds, keywords }) => mailboxIds[inbox] && !keywords['$seen']);
  const [first] = fresh;
  if (!first) return;
  const from = first.from?.[0];
  tell(texts.done.arrived(fresh.length, from?.name ?? from?.email ?? '', first.subject ?? ''));
}
