/** Mail over HTTP: JMAP for programs, and the webmail for people (RFC 8620, RFC 8621). */
import {
  type Context,
  chain,
  type Handler,
  type Request,
  type Response,
} from '../../http/index.ts';
import type { Account, MailStore } from '../../mail/index.ts';
import type { Files, Host } from '../../net/index.ts';
import { Blobs } from '../blobs.ts';
import { JMAP_LIMITS, type JmapLimits, OFFERED_ACCOUNTS } from '../defaults.ts';
import { JmapError } from '../errors.ts';
import { makeId } from '../machine/ids.ts';
import type { Service, Submit } from '../service.ts';
import { Submissions } from '../submissions.ts';
import { json, problem, requestProblem } from './answers.ts';
import { answerApi } from './api.ts';
import { download, upload } from './binary.ts';
import { Door, type Inside } from './door.ts';
import { EventSources } from './event-source.ts';
import { pageSite } from './page.ts';
import { showEmail, structureOf } from './reading.ts';
import { sessionObject } from './session-object.ts';
import { Turnstile } from './turnstile.ts';

export interface JmapSiteOptions {
  readonly store: MailStore;
  readonly submit: Submit;
  /** Passwords may be said without TLS. On the loopback the page's may be in any case. */
  readonly plaintext?: boolean;
  readonly limits?: Partial<JmapLimits>;
  /** The built pages; without them only JMAP is there. */
  readonly page?: Files;
  /** Accounts that the page offers to who comes, with their password: of a server for tests it is no secret. */
  readonly offer?: () => Offer;
  /** Told of faults of the server's own. */
  readonly onError?: (error: unknown) => void;
}

export interface Offer {
  readonly accounts: readonly string[];
  readonly password: string;
}

/** Answers everything: give it a port, or what is left of one. */
export function jmapSite(host: Host, options: JmapSiteOptions): Handler {
  const { store, plaintext = false } = options;
  const door = new Door({ store, plaintext });
  const page = pageSite(options.page);
  const inside = door.inside(insideOf(host, options));
  const site: Handler = (request, context) => {
    const { path, method } = request;
    if (path === '/login') return signIn(door, request, context);
    if (path === '/logout' && method === 'POST') return door.signOut(request);
    if (path === '/mail/offer') return json(offered(options));
    if (/^\/(?:\.well-known\/jmap$|jmap\/|mail\/)/.test(path)) return inside(request, context);
    return page(request, context);
  };
  return chain(door.sessions(), site);
}

async function signIn(door: Door, request: Request, context: Context): Promise<Response> {
  if (request.method !== 'POST') return { status: 303, headers: { Location: '/' } };
  try {
    return await door.signIn(request, context);
  } catch (error) {
    if (error instanceof JmapError) return requestProblem(error);
    throw error;
  }
}

function offered({ offer }: JmapSiteOptions): { accounts: readonly string[]; password: string } {
  const { accounts = [], password = '' } = offer?.() ?? {};
  return { accounts: accounts.slice(0, OFFERED_ACCOUNTS), password };
}

/** What is there for who is signed in. */
function insideOf(host: Host, options: JmapSiteOptions): Inside {
  const { store, submit, onError = () => {} } = options;
  const limits = { ...JMAP_LIMITS, ...options.limits };
  const submissions = new Submissions(host.random.fork('submissions'));
  const blobs = new Blobs(host);
  const service: Service = { host, store, submit, limits, blobs, submissions, onError };
  const calls = new Turnstile(limits.maxConcurrentRequests);
  const uploads = new Turnstile(limits.maxConcurrentUpload);
  const events = new EventSources(service);
  const routes: readonly Route[] = [
    ['/.well-known/jmap', (account, request) => json(sessionObject(account, request, limits))],
    ['/jmap/session', (account, request) => json(sessionObject(account, request, limits))],
    ['/jmap/api', (account, request) => answerApi(service, calls, account, request)],
    ['/jmap/eventsource/?', (account, request) => events.answer(account, request)],
    [
      '/jmap/upload/([^/]+)/?',
      (account, request, [id]) =>
        isOwn(account, id) ? upload(service, uploads, account, request) : noAccount(id),
    ],
    [
      '/jmap/download/([^/]+)/([^/]+)/([^/]*)',
      (account, request, [id, blob = '', name = '']) =>
        isOwn(account, id) ? download(service, account, blob, name, request) : noAccount(id),
    ],
    [
      '/mail/show/([^/]+)',
      (account, request, [id = '']) => showEmail(service, account, id, request),
    ],
    ['/mail/structure/([^/]+)', (account, _, [id = '']) => structureOf(service, account, id)],
  ];
  const compiled = routes.map(([path, answer]) => ({ path: new RegExp(`^${path}$`), answer }));
  return (account, request) => {
    for (const { path, answer } of compiled) {
      const match = path.exec(request.path);
      if (match) return answer(account, request, match.slice(1).map(decoded));
    }
    return problem(404, `There is nothing at ${request.path}.`);
  };
}

type Route = readonly [
  path: string,
  answer: (
    account: Account,
    request: Request,
    names: readonly string[],
  ) => Response | Promise<Response>,
];

function isOwn({ id }: Account, given: string | undefined): boolean {
  return given === makeId('A', id);
}

function noAccount(id = ''): Response {
  return problem(404, `There is no account ${id}.`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
