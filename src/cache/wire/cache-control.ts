/** Cache-Control, of requests and of responses (RFC 9111 §5.2). Total: any text gives directives. */
import { listElements, trimBlank } from '../../http/index.ts';

/** A directive's argument: without its quotes; true for none. */
export type Argument = string | true;

/** By lower-case name. Of a directive that stands more than once, all arguments in order. */
export type Directives = ReadonlyMap<string, readonly Argument[]>;

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+/;

/** The directives of a field value; what has no name is skipped. */
export function parseDirectives(value: string): Directives {
  const found = new Map<string, Argument[]>();
  for (const element of elements(value)) {
    const name = NAME.exec(element)?.[0];
    if (name === undefined) continue;
    const argument = argumentOf(element.slice(name.length));
    if (argument === undefined) continue;
    const key = name.toLowerCase();
    const known = found.get(key);
    if (known) known.push(argument);
    else found.set(key, [argument]);
  }
  return found;
}

/** Undefined where the rest is no argument: `max-age =3600` says nothing that can be relied on. */
function argumentOf(rest: string): Argument | undefined {
  if (rest === '') return true;
  if (!rest.startsWith('=')) return undefined;
  const text = rest.slice(1);
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(text);
  return quoted ? (quoted[1] as string).replace(/\\(.)/g, '$1') : text;
}

/** The elements of a list; a quote that never ends must not hide the directives behind it. */
function elements(value: string): readonly string[] {
  const found = listElements(value);
  const last = found.at(-1) ?? '';
  if (!/^[^"]*"(?:[^"\\]|\\.)*$/.test(last)) return found;
  return value.split(',').map(trimBlank);
}

/** The field names within an argument such as that of `no-cache="a, b"`, in lower case. */
export function fieldNames(argument: string): readonly string[] {
  return argument
    .split(',')
    .map((name) => trimBlank(name).toLowerCase())
    .filter((name) => name !== '');
}
