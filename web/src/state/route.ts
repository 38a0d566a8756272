/** What is shown, as the address of the page says it: `#m=12`, `#/names?zone=edu.&m=12`, `#/web?tab=proxy`. */

export type PageName = 'internet' | 'names' | 'web';

/** What stands below the waterfall on the page of the Web; the first is there at first. */
export const WEB_TABS = ['messages', 'times', 'proxy', 'cookies', 'hand'] as const;

export type WebTab = (typeof WEB_TABS)[number];

export interface Route {
  readonly page: PageName;
  readonly message?: number;
  /** On the page of names: the zone whose file is open. */
  readonly zone?: string;
  /** On the page of the Web: what stands below. */
  readonly tab?: WebTab;
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?');
  const page = path === '/names' ? 'names' : path === '/web' ? 'web' : 'internet';
  const values = new URLSearchParams(page !== 'internet' || path === '/' ? query : path);
  const message = /^\d+$/.exec(values.get('m') ?? '')?.[0];
  const zone = page === 'names' ? values.get('zone') : null;
  const tab = page === 'web' ? WEB_TABS.find((one) => one === values.get('tab')) : undefined;
  return {
    page,
    ...(message !== undefined && { message: Number(message) }),
    ...(zone && { zone }),
    ...(tab && { tab }),
  };
}

/** Empty for the page that is there at first. */
export function hashOf({ page, message, zone, tab }: Route): string {
  if (page === 'internet') return message === undefined ? '' : `#m=${message}`;
  const values = new URLSearchParams();
  if (page === 'names' && zone !== undefined) values.set('zone', zone);
  if (page === 'web' && tab !== undefined) values.set('tab', tab);
  if (message !== undefined) values.set('m', String(message));
  const query = values.toString();
  return `#/${page}${query && `?${query}`}`;
}
