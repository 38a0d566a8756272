/** www.ads.com: a picture on other people's pages, and the profile that it gathers. */
import type { Sealer } from '../../auth/index.ts';
import { type CookieAttributes, cookieValue, setCookie } from '../../cookies/index.ts';
import {
  type Context,
  chain,
  type Handler,
  HeaderList,
  methods,
  type Request,
  type Response,
  redirectResponse,
} from '../../http/index.ts';
import { formFields } from '../../lib/form.ts';
import { calendar } from '../../net/index.ts';
import { type Session, sessionOf, sessions } from '../../sessions/index.ts';
import type { Content } from '../markup.ts';
import { asset, CSS, formToken, type Notice, pageAnswer, readForm, SVG } from '../page.ts';
import { styleSheet } from '../style.ts';
import type { SiteStore } from '../types.ts';
import * as pages from './pages.ts';
import { pageOf, remember, visitsOf } from './profile.ts';

const STYLE = styleSheet({
  font: 'system-ui, "DejaVu Sans", sans-serif',
  accent: ['#4b2fa0', '#c3b2ff'],
  ground: ['#ffffff', '#15131c'],
  ink: ['#1c1830', '#eceaf5'],
});

const OPT_OUT = 'optout';
const YEAR_S = 365 * 86_400;

/** The whole site; `sealer` is for its cookie. Who has opted out has no entry. */
export function adsSite(store: SiteStore, sealer?: Sealer): Handler {
  const known = sessions({
    store: store.sessions,
    name: 'visitor',
    ...(sealer && { sealer }),
    attributes,
    without: ({ headers }) => cookieValue(headers.get('Cookie'), OPT_OUT) === 'yes',
  });
  const visitors = chain(known, answer);
  return chain(methods('GET', 'POST'), (request, context) => {
    const { path, method } = request;
    if (path === '/style.css') return asset(CSS, STYLE);
    if (path === '/icon.svg') return asset(SVG, pages.ICON);
    if (path === '/') return show('How it works', pages.home());
    if (method === 'POST' && path === '/opt-in') return choice(request, '', 0);
    return visitors(request, context);
  });
}

/**
 * For other sites' pages: today's browsers want it said, and want TLS with it. On plain HTTP nothing is said, which old clients take
 * as "everywhere" and new ones as "not from other sites" (RFC 6265bis §5.6.7).
 */
function attributes(request: Request): CookieAttributes {
  const secure = request.url.startsWith('https:');
  return { path: '/', httpOnly: true, ...(secure && { secure, sameSite: 'none' as const }) };
}

async function answer(request: Request, context: Context): Promise<Response> {
  const session = sessionOf(request);
  if (request.path === '/banner.svg') return banner(request, context, session);
  if (request.path === '/profile' && request.method !== 'POST')
    return profile(request, context, session);
  if (request.path === '/forget' && request.method === 'POST') return forget(request, session);
  // Anybody may say no, and nobody else may say it for them: the answer changes only the asker's own cookies.
  if (request.path === '/opt-out' && request.method === 'POST') {
    session.remove();
    return choice(request, 'yes', YEAR_S);
  }
  return show('There is no such page', '', { status: 404 });
}

function banner(request: Request, context: Context, session: Session): Response {
  const page = pageOf(formFields(request.query).get('page'), request.headers.get('Referer'));
  if (page) remember(session, page, calendar(context.host.clock));
  const visits = visitsOf(session);
  const sites = new Set(visits.map(({ site }) => site)).size;
  const headers = { 'Content-Type': SVG, 'Cache-Control': 'no-store' };
  return { status: 200, headers, body: pages.banner(visits, sites) };
}

function profile(request: Request, { host }: Context, session: Session): Response {
  const optedOut = cookieValue(request.headers.get('Cookie'), OPT_OUT) === 'yes';
  const visits = visitsOf(session);
  const token = formToken(session, host);
  return show('Your profile', pages.profile({ id: session.id, visits, optedOut, token }));
}

async function forget(request: Request, session: Session): Promise<Response> {
  const form = await readForm(request, session);
  if (typeof form === 'string') {
    return show('That did not work', '', { status: 403, notice: { kind: 'bad', text: form } });
  }
  session.remove();
  return redirectResponse('/profile', 303);
}

/** What was chosen stands in a cookie that is the same for everybody. */
function choice(request: Request, value: string, maxAge: number): Response {
  const answer = redirectResponse('/profile', 303);
  const cookie = setCookie(OPT_OUT, value, { ...attributes(request), maxAge });
  const headers = HeaderList.from(answer.headers).appended('Set-Cookie', cookie);
  return { ...answer, headers };
}

function show(
  title: string,
  body: Content,
  { status = 200, notice }: { readonly status?: number; readonly notice?: Notice } = {},
): Response {
  return pageAnswer(status, pages.page(title, body, notice));
}
