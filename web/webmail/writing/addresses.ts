/** Addresses as people type them: `Ann Adams <ann@x.org>, bob@y.org`. */
import type { Address } from '../jmap/types.ts';

/** Text between commas and semicolons outside of quotes and brackets. */
export function splitAddresses(text: string): readonly string[] {
  const parts = text.match(/(?:"(?:[^"\\]|\\.)*"?|<[^>]*>?|[^,;"<\n])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** What is no address keeps its text: it is shown as wrong. */
export function parseAddress(text: string): Address {
  const [, name, inner] = /^(.*?)\s*<\s*([^<>]*?)\s*>$/s.exec(text) ?? [];
  const email = inner ?? text.trim();
  const plain =
    name
      ?.replace(/^"(.*)"$/s, '$1')
      .replace(/\\(.)/g, '$1')
      .trim() ?? '';
  return { name: plain === '' ? null : plain, email };
}

/** Good enough to be tried; the server knows better. */
export function isAddress({ email }: Address): boolean {
  return /^[^\s@,;<>]+@[^\s@,;<>]+$/.test(email);
}
