/** The fields that belong to one connection and are not passed on (RFC 9110 §7.6.1). */
import { listElements } from '../../http/index.ts';
import { type HeaderField, HeaderList } from '../../lib/ordered-headers.ts';

const ALWAYS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** The lower-case names of fields that go no further than this connection. */
export function connectionFields(headers: HeaderList): ReadonlySet<string> {
  const named = headers.joined('Connection');
  if (named === undefined) return ALWAYS;
  return new Set([...ALWAYS, ...listElements(named).map((name) => name.toLowerCase())]);
}

/** The fields that are passed on. `also` are lower-case names to leave out beside the usual ones. */
export function endToEnd(headers: HeaderList, also: readonly string[] = []): HeaderList {
  const dropped = connectionFields(headers);
  const kept: HeaderField[] = [];
  for (const field of headers) {
    const name = field[0].toLowerCase();
    if (!dropped.has(name) && !also.includes(name)) kept.push(field);
  }
  return kept.length === headers.size ? headers : new HeaderList(kept);
}
