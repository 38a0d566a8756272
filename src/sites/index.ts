/** The demonstration sites: a shop with a memory, its sign-in, an advertiser that follows its readers. */
import type { Handler } from '../http/index.ts';
import { memoryCounterStore, memorySessionStore } from '../sessions/index.ts';
import { adsSite } from './ads/ads.ts';
import { shopSite } from './shop/shop.ts';
import type { SiteApp, SiteStore } from './types.ts';

export { advertisement } from './ads/embed.ts';
export * from './defaults.ts';
export { DEMO_USERS, type DemoUser } from './login/users.ts';
export type * from './types.ts';
export { adsSite, shopSite };

/** The site of a name, as scenarios give it. */
export function siteNamed(app: SiteApp, store: SiteStore): Handler {
  return app === 'shop' ? shopSite(store) : adsSite(store);
}

/** Keeps everything as long as the object lives. */
export function memorySiteStore(): SiteStore {
  return { sessions: memorySessionStore(), counters: memoryCounterStore() };
}
