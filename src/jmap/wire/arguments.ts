/** Arguments of a call, each asked for once, by its type. */
import { invalidArguments, type JmapError } from '../errors.ts';
import type { Json, JsonObject } from '../types.ts';
import { isId, isInt, isObject, isTexts, isUnsigned, parseJsonDate } from './values.ts';

type Complain = (message: string, name: string) => JmapError;

/** What was not asked for in the end is an argument that there isn't: `done` says so. */
export class Arguments {
  private readonly object: JsonObject;
  private readonly complain: Complain;
  private readonly asked = new Set<string>();

  constructor(object: JsonObject, complain: Complain = invalidArguments) {
    this.object = object;
    this.complain = complain;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.object, name);
  }

  raw(name: string): Json | undefined {
    this.asked.add(name);
    return this.has(name) ? this.object[name] : undefined;
  }

  text(name: string): string {
    const value = this.raw(name);
    if (typeof value !== 'string') throw this.complain(`${name}: expected a text`, name);
    return value;
  }

  id(name: string): string {
    const value = this.raw(name);
    if (!isId(value)) throw this.complain(`${name}: expected an id`, name);
    return value;
  }

  maybeText(name: string): string | undefined {
    return this.maybe(name, (value) => typeof value === 'string', 'a text');
  }

  maybeUnsigned(name: string): number | undefined {
    return this.maybe(name, isUnsigned, 'a number of 0 or more');
  }

  int(name: string, otherwise: number): number {
    return this.maybe(name, isInt, 'a whole number') ?? otherwise;
  }

  bool(name: string, otherwise = false): boolean {
    return this.maybe(name, (value) => typeof value === 'boolean', 'true or false') ?? otherwise;
  }

  maybeTexts(name: string): readonly string[] | undefined {
    return this.maybe(name, isTexts, 'a list of texts');
  }

  maybeObject(name: string): JsonObject | undefined {
    return this.maybe(name, isObject, 'an object');
  }

  /** Milliseconds since 1970. */
  maybeDate(name: string): number | undefined {
    const text = this.maybeText(name);
    if (text === undefined) return undefined;
    const date = parseJsonDate(text);
    if (!date) throw this.complain(`${name}: expected a date such as 2026-11-26T12:00:00Z`, name);
    return date.ms;
  }

  /** Objects by name. */
  maybeObjects(name: string): ReadonlyMap<string, JsonObject> | undefined {
    const value = this.maybeObject(name);
    if (value === undefined) return undefined;
    return new Map(
      Object.entries(value).map(([key, one]) => {
        if (!isObject(one)) throw this.complain(`${name}: ${key}: expected an object`, name);
        return [key, one];
      }),
    );
  }

  /** Names that are set to true. */
  maybeSet(name: string): readonly string[] | undefined {
    const value = this.maybeObject(name);
    if (value === undefined) return undefined;
    if (!Object.values(value).every((one) => one === true)) {
      throw this.complain(`${name}: every value must be true`, name);
    }
    return Object.keys(value);
  }

  /** Throws for arguments that were never asked for. */
  done(): void {
    const odd = Object.keys(this.object).find((name) => !this.asked.has(name));
    if (odd !== undefined) throw this.complain(`There is no ${odd} here`, odd);
  }

  /** Null is as good as nothing. */
  private maybe<T extends Json>(
    name: string,
    is: (value: Json) => boolean,
    what: string,
  ): T | undefined {
    const value = this.raw(name);
    if (value === undefined || value === null) return undefined;
    if (!is(value)) throw this.complain(`${name}: expected ${what}`, name);
    return value as T;
  }
}
