/** What the dashboard asks of the internet. */
import type {
  CacheView,
  FlushRequest,
  HostView,
  InternetView,
  LoadRequest,
  LoadView,
  LookupRequest,
  LookupView,
  MessageView,
  NamesView,
  PingRequest,
  PingView,
  RegistrationRequest,
  RegistrationView,
} from '../../../src/internet/dashboard/api.ts';
import type {
  LetterSentView,
  MailView,
  WayView,
} from '../../../src/internet/dashboard/api-mail.ts';
import type {
  ByHandRequest,
  ByHandView,
  CookiesView,
  ForgetCookieRequest,
  PageTimesRequest,
  PageTimesView,
  ProxyView,
  PurgeRequest,
  ThirdPartyRequest,
} from '../../../src/internet/dashboard/api-web.ts';
import { texts } from '../texts.ts';

/** The internet refused, or could not be reached; the message is a sentence for a person. */
export class ApiError extends Error {
  readonly spec: string | undefined;

  constructor(message: string, spec?: string) {
    super(message);
    this.spec = spec;
  }
}

type Method = 'GET' | 'POST' | 'DELETE';

async function call<T>(path: string, body?: object): Promise<T> {
  return (await (await ask(path, body)).json()) as T;
}

async function ask(
  path: string,
  body?: object,
  method: Method = body ? 'POST' : 'GET',
): Promise<Response> {
  const request: RequestInit = body
    ? {
        method,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }
    : { method };
  const response = await fetch(`api/${path}`, request).catch(() => {
    throw new ApiError(texts.errors.unreachable);
  });
  if (response.ok) return response;
  throw await failure(response);
}

async function failure(response: Response): Promise<ApiError> {
  const text = await response.text();
  if (!response.headers.get('Content-Type')?.startsWith('application/json'))
    return new ApiError(texts.errors.status(response.status));
  const { error } = JSON.parse(text) as { error: { message: string; spec?: string } };
  return new ApiError(error.message, error.spec);
}

function mailPath(host: string): string {
  return `mail/${encodeURIComponent(host)}/`;
}

export const api = {
  internet: (): Promise<InternetView> => call('internet'),
  message: (id: number): Promise<MessageView> => call(`messages/${id}`),
  load: (request: LoadRequest): Promise<LoadView> => call('load', request),
  lookup: (request: LookupRequest): Promise<LookupView> => call('lookup', request),
  ping: (request: PingRequest): Promise<PingView> => call('ping', request),
  switchHost: (name: string, on: boolean): Promise<HostView> =>
    call(`hosts/${encodeURIComponent(name)}/${on ? 'start' : 'stop'}`, {}),
  names: (): Promise<NamesView> => call('names'),
  /** A zone as a zone file. */
  zone: async (origin: string): Promise<string> =>
    (await ask(`zones/${encodeURIComponent(origin)}`)).text(),
  cache: (host: string): Promise<CacheView> => call(`caches/${encodeURIComponent(host)}`),
  flush: (host: string, request: FlushRequest): Promise<CacheView> =>
    call(`caches/${encodeURIComponent(host)}/flush`, request),
  /** Takes a customer's command to a registrar, which is known by its site. */
  register: (site: string, request: RegistrationRequest): Promise<RegistrationView> =>
    call(`registrars/${encodeURIComponent(site)}`, request),
  /** The ways of loading a page, computed and measured. */
  pageTimes: (request: PageTimesRequest): Promise<PageTimesView> => call('page-times', request),
  byHand: (request: ByHandRequest): Promise<ByHandView> => call('by-hand', request),
  proxy: (host: string): Promise<ProxyView> => call(`proxies/${encodeURIComponent(host)}`),
  purge: (host: string, request: PurgeRequest): Promise<ProxyView> =>
    call(`proxies/${encodeURIComponent(host)}/purge`, request),
  cookies: (): Promise<CookiesView> => call('cookies'),
  forgetCookie: (host: string, request: ForgetCookieRequest): Promise<CookiesView> =>
    call(`cookies/${encodeURIComponent(host)}/forget`, request),
  setThirdParty: (host: string, request: ThirdPartyRequest): Promise<CookiesView> =>
    call(`cookies/${encodeURIComponent(host)}/third-party`, request),
  mail: (): Promise<MailView> => call('mail'),
  way: (id: string): Promise<WayView> => call(`letters/${encodeURIComponent(id)}`),
  write: (
    host: string,
    letter: { readonly to: string; readonly subject: string; readonly text: string },
  ): Promise<LetterSentView> => call(`letters/${encodeURIComponent(host)}`, letter),
  /** The interface of a mail host: what it has. */
  mailHost: <T>(host: string, path: string): Promise<T> => call(`${mailPath(host)}${path}`),
  mailText: async (host: string, path: string): Promise<string> =>
    (await ask(`${mailPath(host)}${path}`)).text(),
  changeMail: async (
    host: string,
    path: string,
    body?: object,
    method: Method = 'POST',
  ): Promise<void> => {
    await ask(`${mailPath(host)}${path}`, body, method);
  },
  clear: (): Promise<object> => call('clear', {}),
};

/** A name such as `www.campus.edu` keeps its small letters at the start of a sentence. */
const PLAIN_WORD = /^[a-z]+(?=[\s,])/;

/** What went wrong, as a sentence. */
export function sentence(error: unknown): string {
  if (!(error instanceof ApiError)) throw error;
  const start = error.message.replace(
    PLAIN_WORD,
    (word) => word.charAt(0).toUpperCase() + word.slice(1),
  );
  return `${start.replace(/\.$/, '')}${error.spec ? ` (${error.spec})` : ''}.`;
}
