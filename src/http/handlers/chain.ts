import type { Handler, Link } from '../types.ts';

/** One handler of links in the order in which they are met, and the handler at the end. */
export function chain(...parts: readonly [...Link[], Handler]): Handler {
  const last = parts.at(-1) as Handler;
  return (parts.slice(0, -1) as Link[]).reduceRight<Handler>((next, link) => link(next), last);
}
