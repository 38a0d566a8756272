import { escapeHtml, statusPage } from '../pages.ts';
import type { Handler } from '../types.ts';

/**
 * A site for each name in Host (RFC 9112 §3.2). `*` stands for every other name, and for clients
 * that name none; without it they get 421 and the names that exist.
 */
export function virtualHosts(sites: Readonly<Record<string, Handler>>): Handler {
  const byName = new Map(Object.entries(sites).map(([name, site]) => [name.toLowerCase(), site]));
  const fallback = byName.get('*');
  return (request, context) => {
    // A name may be written with the dot of the root (RFC 1034 §3.1).
    const name = request.hostname.replace(/\.$/, '');
    const site = byName.get(name) ?? fallback;
    if (site) return site(request, context);
    const names = [...byName.keys()].map((known) => `<li>${escapeHtml(known)}</li>`).join('\n');
    return statusPage(421, `This server has no site ${name}.`, {
      spec: 'RFC 9110 §15.5.20',
      more: `<p>It has:</p>\n<ul>\n${names}\n</ul>`,
    });
  };
}
