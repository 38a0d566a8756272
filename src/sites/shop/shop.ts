/** www.shop.com: a shop that knows its visitors again. */
import type { Sealer } from '../../auth/index.ts';
import {
  type Context,
  chain,
  type Handler,
  methods,
  type Request,
  type Response,
  redirectResponse,
} from '../../http/index.ts';
import { calendar } from '../../net/index.ts';
import { sessionOf, sessions } from '../../sessions/index.ts';
import { WELCOME_BACK_MS } from '../defaults.ts';
import { SignIn } from '../login/sign-in.ts';
import type { Content } from '../markup.ts';
import { asset, CSS, type Form, formToken, pageAnswer, readForm, SVG } from '../page.ts';
import { styleSheet } from '../style.ts';
import type { SiteStore } from '../types.ts';
import { type Show, type ShowOptions, userOf, type Visit } from '../visit.ts';
import { type Good, goodNamed, ICON, pictureOf } from './goods.ts';
import * as pages from './pages.ts';
import { basketOf, look, lookedAt, putInBasket, recommended } from './visitor.ts';

const STYLE = styleSheet({
  font: '"Avenir Next", Avenir, "DejaVu Sans", sans-serif',
  accent: ['#9a4513', '#f0a878'],
  ground: ['#fffaf3', '#1d1814'],
  ink: ['#2b2118', '#f2e8dc'],
});

/** The whole site. Pictures and styles come before anybody is counted as a visitor. `sealer` is for its cookie. */
export function shopSite(store: SiteStore, sealer?: Sealer): Handler {
  const shop = new Shop(store);
  const known = sessions({ store: store.sessions, ...(sealer && { sealer }) });
  const visitors = chain(known, (request, context) => shop.answer(request, context));
  return chain(methods('GET', 'POST'), (request, context) => {
    return (
      assetNamed(request.path) ??
      (request.path === '/goodbye' ? shop.goodbye(request) : visitors(request, context))
    );
  });
}

function assetNamed(path: string): Response | undefined {
  if (path === '/style.css') return asset(CSS, STYLE);
  if (path === '/icon.svg') return asset(SVG, ICON);
  const good = goodNamed(/^\/pictures\/(\w+)\.svg$/.exec(path)?.[1]);
  return good && asset(SVG, pictureOf(good));
}

class Shop {
  private readonly store: SiteStore;
  private readonly signIn: SignIn;

  constructor(store: SiteStore) {
    this.store = store;
    const show: Show = (visit, ...shown) => this.page(visit, ...shown);
    this.signIn = new SignIn({ counters: store.counters, show });
  }

  async answer(request: Request, context: Context): Promise<Response> {
    const now = calendar(context.host.clock);
    const visit: Visit = { request, context, session: sessionOf(request), now };
    const { path, method } = request;
    const signedIn = await this.signIn.answer(visit);
    if (signedIn) return signedIn;
    if (method === 'POST') return this.post(visit);
    const good = goodNamed(/^\/goods\/(\w+)$/.exec(path)?.[1]);
    if (good) return this.good(visit, good);
    if (path === '/') return this.home(visit);
    if (path === '/basket') return this.basket(visit);
    if (path === '/about-you') return this.aboutYou(visit);
    const found = pages.home(undefined, [], 'shelf');
    return this.page(visit, 404, 'There is no such page', found);
  }

  goodbye(request: Request): Response {
    const context = { url: request.url, token: '', basketCount: 0, user: undefined };
    return pageAnswer(200, pages.page(context, 'Forgotten', pages.goodbye()), ADS);
  }

  private async home(visit: Visit): Promise<Response> {
    const { session, now } = visit;
    const { seenBefore, id } = session;
    const awayMs = seenBefore === undefined ? undefined : now - seenBefore;
    const [last] = lookedAt(session);
    const { goods, by } = await recommended(this.store.sessions, session);
    const fresh = awayMs === undefined || awayMs >= WELCOME_BACK_MS;
    const user = userOf(session);
    const welcome = fresh && pages.greeting({ id, awayMs, last, user });
    return this.page(visit, 200, 'Useful things', pages.home(welcome, goods, by));
  }

  private async good(visit: Visit, good: Good): Promise<Response> {
    look(visit.session, good);
    const { goods, by } = await recommended(this.store.sessions, visit.session, [good]);
    const body = pages.goodPage(this.contextOf(visit), good, goods, by);
    return this.page(visit, 200, good.name, body);
  }

  private basket(visit: Visit): Response {
    const lines = basketOf(visit.session);
    return this.page(visit, 200, 'Basket', pages.basketPage(this.contextOf(visit), lines));
  }

  private async aboutYou(visit: Visit): Promise<Response> {
    const { request, session } = visit;
    // The row as it is on the disk, before this answer changes it.
    const entry = await this.store.sessions.load(session.id);
    const cookie = request.headers.get('Cookie');
    const body = pages.aboutYou(this.contextOf(visit), cookie, entry);
    return this.page(visit, 200, 'What we know about you', body);
  }

  private async post(visit: Visit): Promise<Response> {
    const { request, session } = visit;
    const form = await readForm(request, session);
    if (typeof form === 'string') return this.refused(visit, form);
    if (request.path === '/about-you/forget') {
      session.remove();
      return redirectResponse('/goodbye', 303);
    }
    return this.changeBasket(visit, form) ?? this.page(visit, 404, 'There is no such page', '');
  }

  /** After a change the browser is sent on, so that reloading does not repeat it (RFC 9110 §15.4.4). */
  private changeBasket({ request, session }: Visit, form: Form): Response | undefined {
    const good = goodNamed(form.get('good'));
    const had = basketOf(session).find((line) => line.good === good)?.count ?? 0;
    const counts: Readonly<Record<string, number>> = {
      '/basket/add': had + 1,
      '/basket/change': Number(form.get('count')),
      '/basket/remove': 0,
    };
    const count = Object.hasOwn(counts, request.path) ? counts[request.path] : undefined;
    if (!good || count === undefined) return undefined;
    putInBasket(session, good, count);
    return redirectResponse('/basket', 303);
  }

  private refused(visit: Visit, why: string): Response {
    const notice = { kind: 'bad', text: why } as const;
    return this.page(visit, 403, 'That did not work', '', { notice });
  }

  private contextOf({ request, context, session }: Visit): pages.ShopContext {
    return {
      url: request.url,
      token: formToken(session, context.host),
      basketCount: basketOf(session).reduce((sum, { count }) => sum + count, 0),
      user: userOf(session),
    };
  }

  private page(
    visit: Visit,
    status: number,
    title: string,
    body: Content,
    options: ShowOptions = {},
  ): Response {
    const context = { ...this.contextOf(visit), ...options };
    return pageAnswer(status, pages.page(context, title, body), ADS);
  }
}

/** Whose pictures the pages show. */
const ADS = ['www.ads.com'];
