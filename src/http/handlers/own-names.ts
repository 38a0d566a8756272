import { statusPage } from '../pages.ts';
import type { Link } from '../types.ts';

/** Addresses as a URL has them: no name of the DNS looks like one. */
const ADDRESS = /^[\d.]+$|:/;

/**
 * Lets through what was sent to an address, to `localhost`, or to one of these names; 421 for others
 * (RFC 9110 §7.4). A page elsewhere, whose name was made to point here, would count as ours in its browser.
 */
export function ownNames(...names: readonly string[]): Link {
  const own = new Set(['localhost', ...names.map((name) => name.toLowerCase())]);
  return (next) => (request, context) => {
    const name = request.hostname.toLowerCase().replace(/\.$/, '');
    if (ADDRESS.test(name) || own.has(name)) return next(request, context);
    const text = `This server is not ${name}.`;
    return statusPage(421, text, { spec: 'RFC 9110 §15.5.20' });
  };
}
