/** Message identifiers (RFC 5322 §3.6.4), which Content-ID and cid: URLs share (RFC 2392). */

/** What gives luck: a host's random does. */
export interface Luck {
  uint32(): number;
}

/** All identifiers of a field, without their brackets, blanks inside removed. */
export function parseMessageIds(value: string): readonly string[] {
  return [...value.matchAll(/<([^<>]{1,998})>/g)].map(([, id = '']) => id.replace(/\s+/g, ''));
}

/** A new one: time and luck left of `@`, so that no two are alike (§3.6.4). */
export function newMessageId(domain: string, now: number, luck: Luck): string {
  const time = Math.floor(now).toString(36);
  return `${time}.${word(luck)}${word(luck)}@${domain}`;
}

function word(luck: Luck): string {
  return luck.uint32().toString(36).padStart(7, '0');
}

/** The identifier that a `cid:` URL names; undefined for another URL (RFC 2392 §2). */
export function contentIdOf(url: string): string | undefined {
  if (!/^cid:/i.test(url)) return undefined;
  try {
    return decodeURIComponent(url.slice(4));
  } catch {
    return url.slice(4);
  }
}
