/** Names that are nobody's own, by the list of publicsuffix.org, with further ones of a private internet. */
import { getPublicSuffix } from 'tldts';
import type { PublicSuffixes } from './types.ts';

/** `name` is a host name already; the list's private part (hosting services) counts too. */
const OPTIONS = {
  allowPrivateDomains: true,
  extractHostname: false,
  validateHostname: false,
  detectIp: false,
  mixedInputs: false,
};

/**
 * `own` are further suffixes. A name that ends in none that is known, such as `shop.test` or `localhost`,
 * has its last label as its suffix (the rule `*` of the list).
 */
export function publicSuffixes(own: readonly string[] = []): PublicSuffixes {
  const further = new Set(own.map((name) => name.toLowerCase()));
  const suffixOf = (name: string): string => {
    for (let rest = name; rest.includes('.'); rest = rest.slice(rest.indexOf('.') + 1)) {
      if (further.has(rest)) return rest;
    }
    return getPublicSuffix(name, OPTIONS) ?? name.slice(name.lastIndexOf('.') + 1);
  };
  return {
    isSuffix: (name) => suffixOf(name) === name,
    site(name) {
      const suffix = suffixOf(name);
      const above = name.slice(0, -suffix.length - 1);
      return name === suffix ? name : `${above.slice(above.lastIndexOf('.') + 1)}.${suffix}`;
    },
  };
}
