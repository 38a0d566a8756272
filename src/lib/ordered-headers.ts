/**
 * Header fields in the order in which they stand in a message, found by name whatever its case.
 * Immutable, so that what is derived from a list (its wire form, say) is computed once.
 */

export type HeaderField = readonly [name: string, value: string];

/** What can be made into a list: a list, pairs, or a plain object of names and values. */
export type HeadersInit = HeaderList | Iterable<HeaderField> | Readonly<Record<string, string>>;

export class HeaderList implements Iterable<HeaderField> {
  private readonly fields: readonly HeaderField[];
  private wire: string | undefined;

  constructor(fields: readonly HeaderField[]) {
    this.fields = fields;
  }

  /** A list from any accepted form; a list is returned as it is. */
  static from(init: HeadersInit | undefined): HeaderList {
    if (init === undefined) return NO_HEADERS;
    if (init instanceof HeaderList) return init;
    if (Array.isArray(init)) return new HeaderList([...(init as HeaderField[])]);
    if (Symbol.iterator in init) return new HeaderList([...(init as Iterable<HeaderField>)]);
    return new HeaderList(Object.entries(init));
  }

  get size(): number {
    return this.fields.length;
  }

  /** The value of the first field of this name. */
  get(name: string): string | undefined {
    const at = this.find(name, 0);
    return at < 0 ? undefined : this.fields[at]?.[1];
  }

  /** The values of every field of this name, in order. */
  all(name: string): readonly string[] {
    const values: string[] = [];
    for (let at = this.find(name, 0); at >= 0; at = this.find(name, at + 1)) {
      values.push((this.fields[at] as HeaderField)[1]);
    }
    return values;
  }

  /** All values of this name as one list (RFC 9110 §5.3), or undefined without any. */
  joined(name: string): string | undefined {
    const first = this.find(name, 0);
    if (first < 0) return undefined;
    if (this.find(name, first + 1) < 0) return this.fields[first]?.[1];
    return this.all(name).join(', ');
  }

  has(name: string): boolean {
    return this.find(name, 0) >= 0;
  }

  /** With this field in the place of the first of its name, or at the end; others of the name go. */
  with(name: string, value: string): HeaderList {
    const at = this.find(name, 0);
    if (at < 0) return this.appended(name, value);
    const kept = this.fields.filter((field, i) => i === at || !sameName(field[0], name));
    return new HeaderList(kept.map((field, i) => (i === at ? [name, value] : field)));
  }

  appended(name: string, value: string): HeaderList {
    return new HeaderList([...this.fields, [name, value]]);
  }

  without(...names: readonly string[]): HeaderList {
    return new HeaderList(
      this.fields.filter(([own]) => !names.some((name) => sameName(own, name))),
    );
  }

  /** The wire form, made by `encode` once for the life of the list. */
  memo(encode: (list: HeaderList) => string): string {
    this.wire ??= encode(this);
    return this.wire;
  }

  toJSON(): readonly HeaderField[] {
    return this.fields;
  }

  [Symbol.iterator](): Iterator<HeaderField> {
    return this.fields[Symbol.iterator]();
  }

  private find(name: string, from: number): number {
    for (let i = from; i < this.fields.length; i++) {
      if (sameName((this.fields[i] as HeaderField)[0], name)) return i;
    }
    return -1;
  }
}

/** Names are ASCII: equal length is needed, and mostly sufficient to look closer. */
function sameName(a: string, b: string): boolean {
  return a.length === b.length && (a === b || a.toLowerCase() === b.toLowerCase());
}

export const NO_HEADERS: HeaderList = new HeaderList([]);
