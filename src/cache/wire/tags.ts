/** The tags by which responses are purged: `Cache-Tag: a, b` and `Surrogate-Key: a b`. */
import type { HeaderList } from '../../lib/ordered-headers.ts';
import { TAG_FIELDS, TAGS_LIMIT } from '../defaults.ts';

/** Without doubles, in order; both fields take commas and blanks as separators. */
export function cacheTags(headers: HeaderList): readonly string[] {
  const tags = new Set<string>();
  for (const name of TAG_FIELDS) {
    for (const tag of headers.joined(name)?.split(/[\s,]+/) ?? []) {
      if (tag !== '' && tags.size < TAGS_LIMIT) tags.add(tag);
    }
  }
  return [...tags];
}
