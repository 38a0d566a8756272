/** Lets pages of other origins read answers (the Fetch standard's CORS protocol). */
import { HeaderList } from '../../lib/ordered-headers.ts';
import type { Link, Request, Response } from '../types.ts';

export interface CorsOptions {
  /** The origins that may read; default: all. */
  readonly origins?: readonly string[];
  /** How long a browser may remember what it was allowed, in seconds. */
  readonly maxAge?: number;
}

/** Says yes to preflights by itself, and marks every other answer as readable. */
export function cors({ origins, maxAge = 600 }: CorsOptions = {}): Link {
  return (next) => {
    const permit = (request: Request): string | undefined => {
      if (!origins) return '*';
      const origin = request.headers.get('Origin');
      return origin !== undefined && origins.includes(origin) ? origin : undefined;
    };
    const mark = (request: Request, response: Response): Response => {
      const origin = permit(request);
      let headers = HeaderList.from(response.headers);
      if (origins) headers = headers.with('Vary', joined(headers.joined('Vary'), 'Origin'));
      if (origin === undefined) return { ...response, headers };
      headers = headers.with('Access-Control-Allow-Origin', origin);
      return { ...response, headers: headers.with('Access-Control-Expose-Headers', '*') };
    };
    return (request, context) => {
      if (isPreflight(request)) return preflight(request, permit(request), maxAge);
      const answer = next(request, context);
      if (!('then' in answer)) return mark(request, answer);
      return answer.then((response) => mark(request, response));
    };
  };
}

function isPreflight({ method, headers }: Request): boolean {
  return (
    method === 'OPTIONS' && headers.has('Origin') && headers.has('Access-Control-Request-Method')
  );
}

function preflight(request: Request, origin: string | undefined, maxAge: number): Response {
  if (origin === undefined) return { status: 403 };
  const wanted = request.headers.joined('Access-Control-Request-Headers');
  const fields: [string, string][] = [
    ['Access-Control-Allow-Origin', origin],
    ['Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'],
    ['Access-Control-Max-Age', String(maxAge)],
    ['Vary', 'Origin, Access-Control-Request-Headers'],
  ];
  if (wanted !== undefined) fields.push(['Access-Control-Allow-Headers', wanted]);
  return { status: 204, headers: fields };
}

function joined(list: string | undefined, name: string): string {
  return list === undefined ? name : `${list}, ${name}`;
}
