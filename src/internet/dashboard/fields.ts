/** What a request of the dashboard's pages says: the JSON object of a POST, the query of a GET. */
import type { Request } from '../../http/index.ts';
import { UsageError } from '../../lib/errors.ts';

/** Bodies of requests are small objects. */
const BODY_LIMIT = 64 * 1024;

export type Fields = Readonly<Record<string, unknown>>;

export function string(body: Fields, name: string): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '') throw new UsageError(`expected "${name}", a text`);
  return value;
}

export function object(body: Fields, name: string): Fields {
  const value = body[name];
  if (isFields(value)) return value;
  throw new UsageError(`expected "${name}", an object`);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A number of the body within its bounds. */
export function bounded(body: Fields, name: string, least: number, most: number): number {
  const value = body[name];
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw new UsageError(`expected "${name}", a number from ${least} to ${most}`);
}

/** A number of a query; 0 where it is none. */
export function number(text: string | undefined | null): number {
  return Math.max(0, Number.parseInt(text ?? '0', 10) || 0);
}

export function parameters(search: string): ReadonlyMap<string, string> {
  const pairs = search.replace(/^\?/, '').split('&');
  return new Map(
    pairs.map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return [decodedPart(name), decodedPart(value)];
    }),
  );
}

/** The JSON object of a POST. Another site's form can't send that type without being asked first. */
export async function fields(request: Request): Promise<Fields> {
  if (!request.headers.get('Content-Type')?.startsWith('application/json')) {
    throw new UsageError('expected Content-Type: application/json');
  }
  const body = await request.body.text({ limit: BODY_LIMIT });
  try {
    const value: unknown = JSON.parse(body);
    if (isFields(value)) return value;
  } catch (cause) {
    throw new UsageError('expected a JSON object', { cause });
  }
  throw new UsageError('expected a JSON object');
}

/** Percent-encoded text of a path or a query. Throws UsageError where it is none (RFC 3986 §2.1). */
export function decodedPart(text = ''): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UsageError(`not percent-encoded as it must be: ${text.slice(0, 80)}`, {
      spec: 'RFC 3986 §2.1',
    });
  }
}
