/** The demonstration sites: a shop with a memory, its sign-in, an advertiser that follows its readers. */
import { Sealer, type SealerOptions } from '../auth/index.ts';
import type { Handler } from '../http/index.ts';
import { utf8 } from '../lib/bytes.ts';
import { calendar, type Host } from '../net/index.ts';
import { memoryCounterStore, memorySessionStore } from '../sessions/index.ts';
import { adsSite } from './ads/ads.ts';
import { shopSite } from './shop/shop.ts';
import type { SiteApp, SiteStore } from './types.ts';

export { advertisement } from './ads/embed.ts';
export * from './defaults.ts';
export { DEMO_USERS, type DemoUser } from './login/users.ts';
export type * from './types.ts';
export { adsSite, shopSite };

/** A site as scenarios describe it. */
export interface SitePlan {
  readonly app: SiteApp;
  readonly cookies?: SealerOptions['mode'] | undefined;
  /** The newest first. */
  readonly keys?: readonly { readonly id: string; readonly secret: string }[] | undefined;
}

export function siteNamed(host: Host, plan: SitePlan, store: SiteStore): Handler {
  const sealer = sealerOf(host, plan);
  return plan.app === 'shop' ? shopSite(store, sealer) : adsSite(store, sealer);
}

/** What seals the identifiers in the cookies of a site; undefined where they stand as they are. */
export function sealerOf(host: Host, { app, cookies, keys = [] }: SitePlan): Sealer | undefined {
  return (
    cookies &&
    new Sealer({
      mode: cookies,
      purpose: `visitor of ${app}`,
      keys: keys.map(({ id, secret }) => ({ id, secret: utf8(secret) })),
      now: () => calendar(host.clock),
      luck: (length) => host.random.bytes(length),
    })
  );
}

/** Keeps everything as long as the object lives. */
export function memorySiteStore(): SiteStore {
  return { sessions: memorySessionStore(), counters: memoryCounterStore() };
}
