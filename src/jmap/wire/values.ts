/** Values of JSON, told apart. */
import type { Json, JsonObject } from '../types.ts';

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isTexts(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** RFC 8620 §1.3: within what a double can count exactly. */
export function isInt(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

export function isUnsigned(value: Json | undefined): value is number {
  return isInt(value) && value >= 0;
}

/** RFC 8620 §1.2. */
export function isId(value: Json | undefined): value is string {
  return typeof value === 'string' && /^[\w-]{1,255}$/.test(value);
}

/** The id of something made in the same request, or before it. */
export function isReference(value: Json | undefined): value is string {
  return typeof value === 'string' && /^#[^#]{1,255}$/s.test(value);
}

const DATE = /^\d{4}-\d\d-\d\d[T]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|([+-])(\d\d):(\d\d))$/;

export interface DateValue {
  readonly ms: number;
  /** Minutes east of Greenwich. */
  readonly zone: number;
}

/** RFC 8620 §1.4; undefined for what is no date. */
export function parseJsonDate(value: Json | undefined): DateValue | undefined {
  if (typeof value !== 'string') return undefined;
  const [whole, sign, hours, minutes] = DATE.exec(value) ?? [];
  const ms = whole === undefined ? Number.NaN : Date.parse(whole);
  if (Number.isNaN(ms)) return undefined;
  const zone =
    sign === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  return { ms, zone };
}

/** UTCDate, its fraction left out where it is none (§1.4). */
export function utcDate(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** A Date with its zone. */
export function zonedDate({ ms, zone }: DateValue): string {
  if (zone === 0) return utcDate(ms);
  const local = new Date(ms + zone * 60_000).toISOString().slice(0, 19);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const away = Math.abs(zone);
  return `${local}${zone < 0 ? '-' : '+'}${two(away / 60)}:${two(away % 60)}`;
}
