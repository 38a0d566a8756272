/** Cookies on both sides as the dashboard is told of them: users' jars, and the entries of sites. */
import type { Cookie } from '../../cookies/index.ts';
import { UsageError } from '../../lib/errors.ts';
import { calendar } from '../../net/index.ts';
import { sealerOf } from '../../sites/index.ts';
import type { Internet } from '../internet.ts';
import type { AppPlan } from '../scenario/types.ts';
import type { HeardCookie, UserCookies } from '../user-cookies.ts';
import type {
  CookiesView,
  CookieView,
  HeardCookieView,
  SiteVisitorsView,
  UserCookiesView,
} from './api-web.ts';
import type { Fields } from './fields.ts';

/** Visitors of a site that are shown: those seen last. */
const ENTRIES_SHOWN = 100;

/** A site, and how the identifier in one of its cookies is read. */
interface Site extends SiteVisitorsView {
  idIn(value: string): string | undefined;
}

export async function cookiesView(internet: Internet): Promise<CookiesView> {
  const sites = await Promise.all(sitesOf(internet));
  const users = internet.hosts().flatMap(({ name, plan, running }) => {
    const cookies = internet.cookies(name);
    const sits = Object.keys(plan.services ?? {}).length === 0;
    if (!sits && !cookies?.heard().length) return [];
    return [userView(name, running, cookies, sites)];
  });
  return {
    now: calendar(internet.ground.clock),
    users,
    sites: sites.map(({ idIn: _, ...site }) => site),
  };
}

export function forgetCookies(internet: Internet, name: string, body: Fields): void {
  const cookies = cookiesOf(internet, name);
  const same = (cookie: Cookie) =>
    (['name', 'domain', 'path', 'hostOnly'] as const).every((key) => cookie[key] === body[key]);
  for (const cookie of cookies.jar.all()) {
    if (body['all'] === true || same(cookie)) cookies.forget(cookie);
  }
}

export function setThirdParty(internet: Internet, name: string, { thirdParty }: Fields): void {
  if (thirdParty !== 'allow' && thirdParty !== 'block') {
    throw new UsageError('expected "thirdParty": "allow" or "block"');
  }
  cookiesOf(internet, name).jar.thirdParty = thirdParty;
}

function cookiesOf(internet: Internet, name: string): UserCookies {
  const cookies = internet.cookies(internet.host(name).name);
  if (!cookies) throw new UsageError(`${name} is switched off`);
  return cookies;
}

/** The sites with a database: several names may be one. */
function sitesOf(internet: Internet): Promise<Site>[] {
  return internet.hosts().flatMap(({ name: host, plan }) => {
    const named = Object.entries(plan.services?.http?.sites ?? {}).flatMap(([name, site]) =>
      typeof site === 'string' ? [] : [{ name, site }],
    );
    const apps = Map.groupBy(named, ({ site }) => site.app);
    return [...apps.values()].map((group) =>
      siteView(
        internet,
        host,
        group.map(({ name }) => name),
        group[0]?.site as AppPlan,
      ),
    );
  });
}

async function siteView(
  internet: Internet,
  host: string,
  names: readonly string[],
  plan: AppPlan,
): Promise<Site> {
  const { sessions } = internet.siteStore(host, plan.app);
  const entries = await sessions.entries(ENTRIES_SHOWN);
  const { running } = internet.host(host);
  const sealer = running ? sealerOf(internet.user(host).host, plan) : undefined;
  return {
    host,
    app: plan.app,
    names,
    sealed: plan.cookies ?? 'plain',
    entries: entries.map(({ id, created, seen, expires, data }) => ({
      id,
      created,
      seen,
      expires,
      data,
    })),
    idIn: (value) => (plan.cookies ? sealer?.open(value).value : value),
  };
}

function userView(
  host: string,
  running: boolean,
  cookies: UserCookies | undefined,
  sites: readonly Site[],
): UserCookiesView {
  return {
    host,
    running,
    thirdParty: cookies?.jar.thirdParty ?? 'allow',
    cookies: (cookies?.jar.all() ?? []).map((cookie) =>
      cookieView(cookie, cookies?.setterOf(cookie), sites),
    ),
    heard: (cookies?.heard() ?? []).map(heardView),
  };
}

function cookieView(
  cookie: Cookie,
  setter: HeardCookie | undefined,
  sites: readonly Site[],
): CookieView {
  const { name, value, domain, hostOnly, path, expires, created } = cookie;
  const { secure, httpOnly, sameSite } = cookie;
  const entry = entryOf(cookie, sites);
  const page = setter?.page;
  return {
    name,
    value,
    domain,
    hostOnly,
    path,
    created,
    ...(expires !== undefined && { expires }),
    secure,
    httpOnly,
    sameSite,
    ...(setter && { setBy: { url: setter.url, ...(page !== undefined && { page }) } }),
    ...(entry !== undefined && { entry }),
  };
}

/** The identifier of the entry that a cookie stands for. */
function entryOf({ domain, value }: Cookie, sites: readonly Site[]): string | undefined {
  const site = sites.find(({ names }) => names.includes(domain));
  const id = site?.idIn(value);
  return site?.entries.find((entry) => entry.id === id)?.id;
}

function heardView({ at, url, page, decision }: HeardCookie): HeardCookieView {
  const refused = decision.kind === 'refused';
  return {
    at,
    url,
    name: refused ? decision.name : decision.cookie.name,
    ...(page !== undefined && { page }),
    outcome: decision.kind,
    ...(refused && { why: decision.why, spec: decision.spec }),
  };
}
