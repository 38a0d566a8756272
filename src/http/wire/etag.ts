/** Entity tags (RFC 9110 §8.8.3). */

export interface EntityTag {
  readonly weak: boolean;
  /** With its quotes. */
  readonly opaque: string;
}

const TAG = /^(W\/)?("[!#-~\x80-\xff]*")$/;

export function parseTag(text: string): EntityTag | undefined {
  const match = TAG.exec(text);
  return match ? { weak: match[1] !== undefined, opaque: match[2] as string } : undefined;
}

/** The tags of If-Match or If-None-Match; `*` for any, undefined when there is no sense in it. */
export function parseTags(value: string): readonly EntityTag[] | '*' | undefined {
  if (value === '*') return '*';
  const tags: EntityTag[] = [];
  const pattern = /[ \t,]*((?:W\/)?"[!#-~\x80-\xff]*")[ \t]*(?:,|$)/y;
  for (let at = 0; at < value.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const match = pattern.exec(value);
    if (!match) return tags.length > 0 && /^[ \t,]*$/.test(value.slice(at)) ? tags : undefined;
    tags.push(parseTag(match[1] as string) as EntityTag);
  }
  return tags.length > 0 ? tags : undefined;
}

/** Strong comparison (RFC 9110 §8.8.3.2): the same, and neither weak. */
export function sameStrong(a: EntityTag, b: EntityTag): boolean {
  return !a.weak && !b.weak && a.opaque === b.opaque;
}

export function sameWeak(a: EntityTag, b: EntityTag): boolean {
  return a.opaque === b.opaque;
}
