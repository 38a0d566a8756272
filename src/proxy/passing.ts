/** What all proxies do with a request. */
import {
  authorityOf,
  type Context,
  type Request,
  type Response,
  statusPage,
} from '../http/index.ts';
import { hex } from '../lib/bytes.ts';
import type { Host } from '../net/index.ts';
import { failurePage } from './failures.ts';
import type { Gateway, NextHop } from './gateway.ts';
import { loops } from './via.ts';

/** A name that no other proxy on a way has. */
export function proxyName(host: Host): string {
  return `toplayer-${hex(host.random.fork('proxy').bytes(4))}`;
}

/** Errors on the way to the origin become pages that say what is wrong. */
export function guarded(
  gateway: Gateway,
  request: Request,
  context: Context,
  hop: NextHop,
): Response | Promise<Response> {
  const answer = gateway.answer(request, context, hop);
  if (!('then' in answer)) return answer;
  return answer.catch((error: unknown) => {
    const page = failurePage(error, authorityOf(hop.origin));
    context.note(
      `${page.status}: ${error instanceof Error ? error.message : error}`,
      'RFC 9110 §15.6',
    );
    return page;
  });
}

/** 508 for a request that has been here before. */
export function looping(request: Request, name: string): Response | undefined {
  if (!loops(request.headers, name)) return undefined;
  const text = `This request has come by here before: the proxies ask each other in a circle (Via: ${request.headers.joined('Via')}).`;
  return statusPage(508, text, { spec: 'RFC 9110 §7.6.3' });
}

/** The path and the query, whatever form the client used. */
export function originForm({ target, path, query }: Request): string {
  if (target.startsWith('/') || target === '*') return target;
  return query === '' && !target.includes('?') ? path : `${path}?${query}`;
}
