/** The part of the interface that the page of the Web asks. */
import { base64 } from '../../lib/base64.ts';
import type { Endpoint } from '../../lib/endpoint.ts';
import { endpointText } from '../../lib/endpoint.ts';
import { UsageError } from '../../lib/errors.ts';
import { harOf, PAGE_MODES } from '../../page/index.ts';
import { load, resolve } from '../actions.ts';
import { sendByHand } from '../by-hand.ts';
import type { Internet } from '../internet.ts';
import type { LoadView } from './api.ts';
import type { WayView } from './api-mail.ts';
import type { ByHandView, PageTimesRequest, PageTimesRowView, PageTimesView } from './api-web.ts';
import { cookiesView, forgetCookies, setThirdParty } from './cookies.ts';
import { bounded, type Fields, string } from './fields.ts';
import { wayOf } from './letters/way.ts';
import { mailView, writeLetter } from './mail.ts';
import { proxyView, purgeProxy } from './proxies.ts';

/** What can be measured apart from the internet; given by who opens the dashboard. */
export interface Experiments {
  comparePages(request: PageTimesRequest): Promise<readonly PageTimesRowView[]>;
}

export interface DashboardOptions {
  readonly experiments?: Experiments;
  /** Of this program: files that are made say it. */
  readonly version?: string;
}

export interface Asked {
  readonly internet: Internet;
  readonly options: DashboardOptions;
  /** The parts of the path that are names. */
  readonly names: readonly string[];
  readonly body: Fields;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  /** Gives what is answered as JSON. */
  readonly view: (asked: Asked) => unknown;
}

export const WEB_ROUTES: readonly Route[] = [
  { method: 'POST', path: /^\/load$/, view: loadView },
  { method: 'POST', path: /^\/page-times$/, view: pageTimesView },
  { method: 'POST', path: /^\/by-hand$/, view: byHandView },
  {
    method: 'GET',
    path: /^\/proxies\/([^/]+)$/,
    view: ({ internet, names: [host = ''] }) => proxyView(internet, host),
  },
  {
    method: 'POST',
    path: /^\/proxies\/([^/]+)\/purge$/,
    view: ({ internet, names: [host = ''], body }) => purgeProxy(internet, host, body),
  },
  { method: 'GET', path: /^\/mail$/, view: ({ internet }) => mailView(internet) },
  { method: 'GET', path: /^\/letters\/(.+)$/, view: letterView },
  {
    method: 'POST',
    path: /^\/letters\/([^/]+)$/,
    view: ({ internet, names: [host = ''], body }) => writeLetter(internet, host, body),
  },
  { method: 'GET', path: /^\/cookies$/, view: ({ internet }) => cookiesView(internet) },
  { method: 'POST', path: /^\/cookies\/([^/]+)\/forget$/, view: changeCookies(forgetCookies) },
  { method: 'POST', path: /^\/cookies\/([^/]+)\/third-party$/, view: changeCookies(setThirdParty) },
];

/** Changes what a user holds, and shows how it is then. */
function changeCookies(change: typeof setThirdParty): Route['view'] {
  return ({ internet, names: [host = ''], body }) => {
    change(internet, host, body);
    return cookiesView(internet);
  };
}

async function loadView({ internet, options, body }: Asked): Promise<LoadView> {
  const { recorder, ground } = internet;
  const [after, startedAt] = [recorder.newest, ground.clock.now()];
  const mode = PAGE_MODES.find((one) => one === body['mode']);
  const user = internet.user(string(body, 'host'));
  const page = await load(user, string(body, 'url'), mode ? { mode } : {});
  const { version = '' } = options;
  const started = { startedAt: ground.clock.epoch + startedAt, version };
  return { page, startedAt, after, ...(body['har'] === true && { har: harOf(page, started) }) };
}

function letterView({ internet, names: [id = ''] }: Asked): WayView {
  const way = wayOf(internet, id);
  if (!way) throw new UsageError(`nothing is known of the way of ${id}`);
  return way;
}

/** Bounds that keep a simulation to a moment: a hundred objects of a megabyte take some seconds of computing. */
async function pageTimesView({ options, body }: Asked): Promise<PageTimesView> {
  const { experiments } = options;
  if (!experiments) throw new UsageError('this dashboard was opened without experiments');
  const rows = await experiments.comparePages({
    rttMs: bounded(body, 'rttMs', 0, 10_000),
    rate: bounded(body, 'rate', 1_000, 1e11),
    objects: Math.round(bounded(body, 'objects', 0, 100)),
    size: Math.round(bounded(body, 'size', 1, 1_000_000)),
    connections: Math.round(bounded(body, 'connections', 1, 100)),
    slowStart: body['slowStart'] === true,
  });
  return {
    rows: rows.map(({ mode, formula, withHeadsMs, measuredMs }) => ({
      mode,
      formula,
      withHeadsMs,
      measuredMs,
    })),
  };
}

async function byHandView({ internet, body }: Asked): Promise<ByHandView> {
  const after = internet.recorder.newest;
  const user = internet.user(string(body, 'host'));
  const to = string(body, 'to');
  const port = Math.round(bounded(body, 'port', 1, 65_535));
  const text = string(body, 'text');
  const [address] = [internet.scenario.hosts[to]?.address ?? (await resolve(user, to))[0]];
  if (address === undefined) throw new UsageError(`${to} has no address`);
  const server: Endpoint = { address, port };
  const { local, bytes, replies, ...answer } = await sendByHand(user, server, text);
  const { firstByteMs, lastByteMs, ...rest } = answer;
  return {
    after,
    from: endpointText(local),
    to: endpointText(server),
    bytes: base64(bytes),
    replies,
    ...rest,
    ...(firstByteMs !== undefined && { firstByteMs }),
    ...(lastByteMs !== undefined && { lastByteMs }),
  };
}
