/** Faults on purpose: answers that come late, or fail now and then, for those who test clients. */
import { fraction, sleep } from '../../net/index.ts';
import { statusPage } from '../pages.ts';
import type { Link } from '../types.ts';

/** Answers `ms` later; with a range, by a time of the host's luck in it. */
export function delayed(ms: number | readonly [number, number]): Link {
  return (next) => async (request, context) => {
    const { clock, random } = context.host;
    const [least, most] = typeof ms === 'number' ? [ms, ms] : ms;
    await sleep(clock, least + (most > least ? fraction(random) * (most - least) : 0));
    return next(request, context);
  };
}

export interface Failing {
  /** What is answered instead; 0 breaks the connection after the head of an answer. */
  readonly status: number;
  /** From 0 to 1. */
  readonly share: number;
}

/** Fails a share of the requests, as a server in trouble does. */
export function failing({ status, share }: Failing): Link {
  return (next) => (request, context) => {
    if (fraction(context.host.random) >= share) return next(request, context);
    context.note(`fails on purpose (${Math.round(share * 100)} % of the requests)`);
    if (status === 0)
      return { status: 200, body: { length: 1, start: (writer) => writer.abort() } };
    const page = statusPage(status, 'This server was told to fail now and then.');
    if (status !== 503 && status !== 429) return page;
    return { ...page, headers: [...(page.headers as [string, string][]), ['Retry-After', '1']] };
  };
}
