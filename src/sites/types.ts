/** The demonstration sites, and what each keeps. */
import type { CounterStore, SessionStore } from '../sessions/index.ts';

export type SiteApp = 'shop' | 'ads';

/** The database of one site. */
export interface SiteStore {
  readonly sessions: SessionStore;
  readonly counters: CounterStore;
}
