/** An API for tests: what came, waiting for a given message, failures on purpose, the queue. For the loopback: it asks nobody who he is. */
import type { Handler, Request, Response } from '../../http/index.ts';
import { AppError, UsageError } from '../../lib/errors.ts';
import type { Host } from '../../net/index.ts';
import type { MailHost } from '../mail-host.ts';
import { failure, json, NotFound } from './answers.ts';
import { queryOf, ROUTES, type Route } from './routes.ts';

/** Answers below `prefix`; default: `/api`. */
export function mailApi(host: Host, mail: MailHost, prefix = '/api'): Handler {
  return async (request) => {
    const path = request.path.slice(prefix.length);
    try {
      if (!request.path.startsWith(`${prefix}/`)) throw new NotFound(`try ${prefix}/messages`);
      if (isForeign(request)) throw new UsageError('pages of other sites may not do that');
      const routes = ROUTES.filter((route) => route.path.test(path));
      const method = request.method === 'HEAD' ? 'GET' : request.method;
      const route = routes.find((one) => one.method === method);
      if (!route) return refusal(routes, path, method);
      const names = (route.path.exec(path) ?? []).slice(1).map(decoded);
      return await route.answer({ host, mail, request, names, query: queryOf(request) });
    } catch (error) {
      if (error instanceof AppError) return failure(error);
      throw error;
    }
  };
}

/** A page of another site that sends a form here: browsers say where it is from (Fetch §3.2). */
function isForeign({ headers, method }: Request): boolean {
  const origin = headers.get('Origin');
  if (method === 'GET' || origin === undefined) return false;
  return origin.replace(/^https?:\/\//, '') !== headers.get('Host');
}

function refusal(routes: readonly Route[], path: string, method: string): Response {
  if (routes.length === 0) return failure(new NotFound(`there is nothing at ${path}`));
  const allowed = routes.map((route) => route.method).join(', ');
  const { body } = failure(new UsageError(`${method} is not understood here; ${allowed} is`));
  const answer = json({}, 405);
  return { ...answer, headers: { ...answer.headers, Allow: allowed }, ...(body && { body }) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
