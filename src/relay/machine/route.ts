/** Which hosts take the mail of a domain, in which order (RFC 5321 §5.1). */
import type { MxRecord, Outcome } from '../types.ts';

export type Route = { readonly hosts: readonly string[] } | { readonly failure: Outcome };

/** RFC 7505 §4.1. */
export function nullMx(domain: string): Outcome {
  return { code: 556, enhanced: '5.1.10', text: `${domain} takes no mail (null MX)` };
}

export function noDomain(domain: string): Outcome {
  return { code: 550, enhanced: '5.1.2', text: `There is no domain ${domain}` };
}

export function noRoute(domain: string): Outcome {
  return { code: 550, enhanced: '5.4.4', text: `No host takes mail for ${domain}` };
}

/** RFC 3463 §3.5: directory servers did not answer. */
export function lookupFailed(domain: string, why: string): Outcome {
  return { code: 451, enhanced: '4.4.3', text: `${domain} could not be looked up: ${why}` };
}

function loopsBack(domain: string): Outcome {
  const text = `Mail for ${domain} comes back to this host, which does not take it`;
  return { code: 554, enhanced: '5.4.6', text };
}

export function isNullMx(records: readonly MxRecord[]): boolean {
  return records.length > 0 && records.every(({ exchange }) => exchange === '.');
}

/**
 * The best first, those of one preference in any order: `below` draws a number below its argument. Where we are among
 * them ourselves, only better ones are left.
 */
export function routeOf(
  domain: string,
  records: readonly MxRecord[],
  isOwn: (host: string) => boolean,
  below: (count: number) => number,
): Route {
  if (isNullMx(records)) return { failure: nullMx(domain) };
  // No MX: the domain is its own, with preference 0.
  const all = records.length === 0 ? [{ preference: 0, exchange: domain }] : records;
  const usable = all.filter(({ exchange }) => exchange !== '.');
  const own = usable.filter(({ exchange }) => isOwn(exchange.toLowerCase()));
  const limit = Math.min(...own.map(({ preference }) => preference));
  const better = usable.filter(({ preference }) => preference < limit);
  if (better.length === 0) return { failure: loopsBack(domain) };
  const shuffled = shuffle(better, below).sort((a, b) => a.preference - b.preference);
  return { hosts: [...new Set(shuffled.map(({ exchange }) => exchange.toLowerCase()))] };
}

/** Fisher and Yates. */
function shuffle<T>(items: readonly T[], below: (count: number) => number): T[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [mixed[i], mixed[j]] = [mixed[j] as T, mixed[i] as T];
  }
  return mixed;
}
