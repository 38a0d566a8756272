/** What is shown, as the address of the page says it: `#m=12`, `#/names?zone=edu.&m=12`. */

export type PageName = 'internet' | 'names';

export interface Route {
  readonly page: PageName;
  readonly message?: number;
  /** The zone whose file is open. */
  readonly zone?: string;
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?');
  const names = path === '/names';
  const values = new URLSearchParams(names || path === '/' ? query : path);
  const message = /^\d+$/.exec(values.get('m') ?? '')?.[0];
  const zone = names ? values.get('zone') : null;
  return {
    page: names ? 'names' : 'internet',
    ...(message !== undefined && { message: Number(message) }),
    ...(zone && { zone }),
  };
}

/** Empty for the page that is there at first. */
export function hashOf({ page, message, zone }: Route): string {
  if (page === 'internet') return message === undefined ? '' : `#m=${message}`;
  const values = new URLSearchParams();
  if (zone !== undefined) values.set('zone', zone);
  if (message !== undefined) values.set('m', String(message));
  const query = values.toString();
  return `#/names${query && `?${query}`}`;
}
