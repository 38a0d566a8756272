/** The beginning and the end of a session. */
import { effect, untracked } from '@preact/signals';
import { fetchSession, RequestError, signOut, whenSignedOut } from '../jmap/client.ts';
import { forget, loadMailboxes, mailboxes, session } from './data.ts';
import { filterKey, loadList } from './list.ts';
import { listenLive, stopLive } from './live.ts';
import { complain } from './notices.ts';
import { listenToRoute } from './route.ts';

export async function begin(): Promise<void> {
  whenSignedOut(end);
  listenToRoute();
  // The list follows the address.
  effect(() => {
    if (filterKey.value !== undefined && session.value) untracked(() => void loadList());
  });
  await enter();
}

/** After signing in, or with the session of before. */
export async function enter(): Promise<void> {
  try {
    session.value = await fetchSession();
    await loadMailboxes();
    listenLive();
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    if (error.status !== 401) complain(error.message);
    session.value = null;
  }
}

function end(): void {
  stopLive();
  forget();
  mailboxes.value = [];
  session.value = null;
}

export async function leave(): Promise<void> {
  await signOut().catch(() => {});
  end();
}
