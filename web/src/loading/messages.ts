/** Which messages of the log belong to which object of a page. */
import type { LoadView } from '../../../src/internet/dashboard/api.ts';
import type { MessageLine } from '../../../src/trace/message.ts';
import { allOf, type PageObject } from './phases.ts';

/** A page and the user that loaded it. */
export interface Loaded {
  readonly host: string;
  readonly view: LoadView;
  /** Hosts with a proxy: what they ask meanwhile may be for this page. */
  readonly proxies: ReadonlySet<string>;
}

/** All that the user's machine said and heard meanwhile, and what others said because of it. */
export function messagesOfLoad(
  log: readonly MessageLine[],
  loaded: Loaded,
): readonly MessageLine[] {
  const { host, proxies } = loaded;
  const later = during(log, loaded);
  const own = later.filter(({ from, to }) => from === host || to === host);
  const asked = new Set(own.map(({ to }) => to).filter((to) => proxies.has(to)));
  if (asked.size > 0) own.push(...later.filter(({ from, to }) => asked.has(from) || asked.has(to)));
  return withWhatFollowed(later, new Set(own.map(({ id }) => id)));
}

/** For each object, in the order of the page, the messages that it took: its name's, its request's, its answer's. */
export function messagesOf(
  log: readonly MessageLine[],
  loaded: Loaded,
): readonly (readonly MessageLine[])[] {
  const later = during(log, loaded);
  return allOf(loaded.view.page).map((object) => {
    const requests = requestsOf(later, loaded, object);
    const begun = [
      ...lookupsOf(later, loaded, object),
      ...requests,
      ...requests.flatMap((request) => passedOn(later, loaded, request)),
    ];
    return withWhatFollowed(later, new Set(begun.map(({ id }) => id)));
  });
}

/** Clocks are read a moment before and after what they time. */
const SLACK_MS = 2;

function during(log: readonly MessageLine[], { view }: Loaded): MessageLine[] {
  const until = view.startedAt + view.page.totalMs + SLACK_MS;
  return log
    .filter(({ id, sentAt }) => id > view.after && sentAt <= until)
    .sort((a, b) => a.id - b.id);
}

function lookupsOf(
  log: readonly MessageLine[],
  { host, view: { startedAt } }: Loaded,
  { url, startMs, timings }: PageObject,
): MessageLine[] {
  if (!timings?.nameMs) return [];
  const since = startedAt + startMs - SLACK_MS;
  const until = startedAt + startMs + timings.nameMs + SLACK_MS;
  const { hostname } = new URL(url);
  return log.filter(
    ({ protocol, role, from, summary, sentAt }) =>
      protocol === 'dns' &&
      role === 'request' &&
      from === host &&
      summary.endsWith(`? ${hostname}`) &&
      sentAt >= since &&
      sentAt <= until,
  );
}

/** Its connection may have carried the same request before: the nearest in time is meant. */
function requestsOf(
  log: readonly MessageLine[],
  { host }: Loaded,
  { exchange, timings }: PageObject,
): MessageLine[] {
  if (!exchange || !timings) return [];
  const { local, remote, request } = exchange;
  const away = ({ sentAt }: MessageLine) => Math.abs(sentAt - timings.sentAt);
  const said = log.filter(
    ({ role, from, fromPort, toPort, summary }) =>
      role === 'request' &&
      from === host &&
      fromPort === local.port &&
      toPort === remote.port &&
      summary.startsWith(`${request.method} ${pathOf(request.target)}`),
  );
  return said.sort((a, b) => away(a) - away(b)).slice(0, 1);
}

/** What a proxy asks further on for a request that it was sent; nothing where it answers from its cache. */
function passedOn(
  log: readonly MessageLine[],
  { proxies }: Loaded,
  { id, to, summary }: MessageLine,
): MessageLine[] {
  if (!proxies.has(to)) return [];
  const answer = log.find(({ replyTo }) => replyTo === id)?.id ?? Number.POSITIVE_INFINITY;
  const further = log.find(
    (one) =>
      one.from === to &&
      one.role === 'request' &&
      one.id > id &&
      one.id < answer &&
      one.summary === summary,
  );
  return further ? [further] : [];
}

/** A proxy is told the whole URL; messages are summed up by its path. */
function pathOf(target: string): string {
  return target.replace(/^https?:\/\/[^/]*/i, '') || '/';
}

/** Answers, and what was asked on behalf of what was asked. */
function withWhatFollowed(log: readonly MessageLine[], begun: Set<number>): MessageLine[] {
  const known = new Set(begun);
  return log.filter(({ id, replyTo, causedBy }) => {
    if (known.has(replyTo ?? 0) || known.has(causedBy ?? 0)) known.add(id);
    return known.has(id);
  });
}
