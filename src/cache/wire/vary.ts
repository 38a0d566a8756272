/** What of a request selects a stored response (RFC 9111 §4.1, RFC 9110 §12.5.5). */
import { listElements } from '../../http/index.ts';
import type { HeaderList } from '../../lib/ordered-headers.ts';

/** The lower-case names of Vary, sorted; '*' when nothing ever matches. */
export function varyNames(headers: HeaderList): readonly string[] | '*' {
  const value = headers.joined('Vary');
  if (value === undefined) return [];
  const names = new Set(listElements(value).map((name) => name.toLowerCase()));
  return names.has('*') ? '*' : [...names].sort();
}

/** Lists whose order says nothing: preference is said by weights (RFC 9110 §12.5). */
const UNORDERED: ReadonlySet<string> = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
]);

/** A selecting field's value so that equal meanings are equal texts; undefined where it is absent. */
export function selectingValue(request: HeaderList, name: string): string | undefined {
  const value = request.joined(name);
  if (value === undefined) return undefined;
  const elements = listElements(value).map((element) => normalElement(element, name));
  return UNORDERED.has(name) ? elements.sort().join(',') : elements.join(',');
}

/** Case and the blanks around parameters say nothing in the weighted lists; elsewhere they may. */
function normalElement(element: string, name: string): string {
  if (!UNORDERED.has(name)) return element;
  return withoutFullWeight(element.toLowerCase().replace(/[ \t]*([;=])[ \t]*/g, '$1'));
}

/** `de;q=1.0` is `de` (RFC 9110 §12.4.2). */
function withoutFullWeight(element: string): string {
  return element.replace(/;q=1(?:\.0{0,3})?$/, '');
}

/** The values that select among the responses of a URL, as one text. */
export function selectingKey(request: HeaderList, names: readonly string[]): string {
  return names.map((name) => `${name}:${selectingValue(request, name) ?? '\0'}`).join('\n');
}
