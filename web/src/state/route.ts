/** What is shown, as the address of the page says it: `#m=12`, `#/names?zone=edu.&m=12`, `#/web?tab=proxy`, `#/mail?letter=ID`. */

export type PageName = 'internet' | 'names' | 'web' | 'mail';

/** What stands below the waterfall on the page of the Web; the first is there at first. */
export const WEB_TABS = ['messages', 'times', 'proxy', 'cookies', 'hand'] as const;

export type WebTab = (typeof WEB_TABS)[number];

/** What the page of mail shows; the first is there at first. */
export const MAIL_TABS = ['ways', 'queues', 'boxes', 'failures'] as const;

export type MailTab = (typeof MAIL_TABS)[number];

export interface Route {
  readonly page: PageName;
  readonly message?: number;
  /** On the page of names: the zone whose file is open. */
  readonly zone?: string;
  /** On the page of the Web: what stands below. */
  readonly tab?: WebTab;
  /** On the page of mail: what stands below, and the message whose way is shown. */
  readonly mailTab?: MailTab;
  readonly letter?: string;
}

const PATHS: Readonly<Record<string, PageName>> = {
  '/names': 'names',
  '/web': 'web',
  '/mail': 'mail',
};

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?');
  const page = PATHS[path] ?? 'internet';
  const values = new URLSearchParams(page !== 'internet' || path === '/' ? query : path);
  const message = /^\d+$/.exec(values.get('m') ?? '')?.[0];
  const zone = page === 'names' ? values.get('zone') : null;
  const asked = values.get('tab');
  const tab = page === 'web' ? WEB_TABS.find((one) => one === asked) : undefined;
  const mailTab = page === 'mail' ? MAIL_TABS.find((one) => one === asked) : undefined;
  const letter = page === 'mail' ? values.get('letter') : null;
  return {
    page,
    ...(message !== undefined && { message: Number(message) }),
    ...(zone && { zone }),
    ...(tab && { tab }),
    ...(mailTab && { mailTab }),
    ...(letter && { letter }),
  };
}

/** Empty for the page that is there at first. */
export function hashOf({ page, message, zone, tab, mailTab, letter }: Route): string {
  if (page === 'internet') return message === undefined ? '' : `#m=${message}`;
  const values = new URLSearchParams();
  if (page === 'names' && zone !== undefined) values.set('zone', zone);
  if (page === 'web' && tab !== undefined) values.set('tab', tab);
  if (page === 'mail' && mailTab !== undefined) values.set('tab', mailTab);
  if (page === 'mail' && letter !== undefined) values.set('letter', letter);
  if (message !== undefined) values.set('m', String(message));
  const query = values.toString();
  return `#/${page}${query && `?${query}`}`;
}
