/** Alice reads the news, looks at a kettle, and comes back a week later: who knows her, and by what. */
import { type CookieDecision, CookieJar } from '../../cookies/index.ts';
import { type ClientResponse, type Handler, HttpClient, serveHttp } from '../../http/index.ts';
import { fromUtf8, utf8 } from '../../lib/bytes.ts';
import { calendar, type Lookup, sleep } from '../../net/index.ts';
import { type SimHost, World } from '../../net/sim/index.ts';
import { htmlUrls } from '../../page/index.ts';
import { adsSite, advertisement, memorySiteStore, shopSite } from '../../sites/index.ts';

export interface CookiesStoryOptions {
  readonly seed: string;
  /** Until she comes back. */
  readonly days?: number;
}

/** One request with a cookie in it, or in its answer. */
export interface StoryLine {
  readonly day: number;
  readonly url: string;
  /** The site whose page asked for it; undefined for the page itself. */
  readonly embeddedIn: string | undefined;
  readonly sent: string | undefined;
  readonly given: string | undefined;
  /** Why her browser did not take it, with the section. */
  readonly refused: string | undefined;
}

export interface CookiesStory {
  /** What Alice's browser does about sites that are embedded in others. */
  readonly thirdParty: 'allow' | 'block';
  readonly lines: readonly StoryLine[];
  /** What her jar's file holds when she leaves. */
  readonly file: string;
  readonly greeting: string;
  /** The pages that the advertiser knows of, the latest first. */
  readonly profile: readonly string[];
}

const DAY = 86_400_000;
const NEWS = 'http://www.news.org/cable-ship.html';
const SHOP = 'http://www.shop.com';
const FILE = '/cookies.txt';

/** The same week twice: with third-party cookies, and with the setting that stops them. */
export async function cookiesStory(options: CookiesStoryOptions): Promise<CookiesStory[]> {
  const stories: CookiesStory[] = [];
  for (const thirdParty of ['allow', 'block'] as const) {
    const world = new World({ seed: options.seed, epoch: Date.UTC(2026, 0, 1) });
    const hosts = new Map<string, SimHost>();
    for (const name of ['alice', 'www.news.org', 'www.shop.com', 'www.ads.com']) {
      hosts.set(name, world.host(name, { latency: 10 }));
    }
    stories.push(await world.run(week(hosts, thirdParty, options.days ?? 7)));
  }
  return stories;
}

async function week(
  hosts: ReadonlyMap<string, SimHost>,
  thirdParty: CookiesStory['thirdParty'],
  days: number,
): Promise<CookiesStory> {
  const sites: Readonly<Record<string, Handler>> = {
    'www.news.org': news,
    'www.shop.com': shopSite(memorySiteStore()),
    'www.ads.com': adsSite(memorySiteStore()),
  };
  for (const [name, handler] of Object.entries(sites)) {
    await serveHttp(hosts.get(name) as SimHost, { handler });
  }
  const alice = hosts.get('alice') as SimHost;
  const lookup: Lookup = async (name) => [(hosts.get(name) as SimHost).address];
  const first = new Sitting(alice, lookup, thirdParty);
  for (const url of [NEWS, `${SHOP}/`, `${SHOP}/goods/kettle`, `${SHOP}/goods/mug`]) {
    await first.load(url);
  }
  await alice.files.write(FILE, utf8(first.jar.save()));
  await sleep(alice.clock, days * DAY);
  const second = new Sitting(alice, lookup, thirdParty);
  const file = fromUtf8(await alice.files.read(FILE));
  second.jar.load(file);
  const greeting =
    /<p class="notice">([\s\S]*?)<\/p>/.exec(await second.load(`${SHOP}/`))?.[1] ?? '';
  const rows = (await second.load('http://www.ads.com/profile')).matchAll(
    /<td>([^<]+)<\/td><td>([^<]+)<\/td>/g,
  );
  const profile = [...rows].map(([, site, path]) => `${site}${path}`);
  const lines = [...first.lines, ...second.lines];
  return { thirdParty, lines, file, greeting: plain(greeting), profile };
}

/** Alice before her browser, from its opening to its closing. */
class Sitting {
  readonly jar: CookieJar;
  readonly lines: StoryLine[] = [];
  private readonly host: SimHost;
  private readonly client: HttpClient;
  private refused: string | undefined;

  constructor(host: SimHost, lookup: Lookup, thirdParty: CookiesStory['thirdParty']) {
    this.host = host;
    // On plain HTTP only browsers of before 2020 can be followed.
    const now = () => calendar(host.clock);
    const onDecision = (decision: CookieDecision): void => {
      if (decision.kind === 'refused') this.refused = `${decision.why} (${decision.spec})`;
    };
    this.jar = new CookieJar({ now, thirdParty, legacySameSite: true, onDecision });
    this.client = new HttpClient(host, { lookup, cookies: this.jar });
  }

  /** Loads a page with all that it shows; gives its text. */
  async load(url: string): Promise<string> {
    const page = await this.client.request({ url }, { site: { topLevel: true } });
    this.note(page, undefined);
    const text = await page.body.text();
    for (const link of htmlUrls(text, url).links) {
      const object = await this.client.request({ url: link.url }, { site: { siteUrl: url } });
      await object.body.bytes();
      this.note(object, new URL(url).hostname);
    }
    return text;
  }

  private note({ url, request, headers }: ClientResponse, page: string | undefined): void {
    const sent = request.headers.get('Cookie');
    const given = headers.joined('Set-Cookie');
    const { hostname, pathname } = new URL(url);
    const embeddedIn = page === hostname ? undefined : page;
    // Pictures of the site itself say nothing new.
    if (page !== undefined && embeddedIn === undefined) return;
    const day = Math.floor(this.host.clock.now() / DAY);
    const { refused } = this;
    this.refused = undefined;
    this.lines.push({ day, url: hostname + pathname, embeddedIn, sent, given, refused });
  }
}

/** The newspaper: one article, one picture of somebody else's. */
const news: Handler = ({ url }) => ({
  status: 200,
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body: `<!doctype html><title>Cable ship</title><h1>Cable ship leaves</h1>${advertisement(url).text}`,
});

function plain(markup: string): string {
  return markup
    .replace(/<[^>]+>/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Both weeks as text. */
export function cookiesStoryText(stories: readonly CookiesStory[]): string {
  return stories.map(storyText).join('\n');
}

function storyText({ thirdParty, lines, greeting, profile }: CookiesStory): string {
  const title =
    thirdParty === 'allow' ? 'Third-party cookies allowed' : 'Third-party cookies blocked';
  const rows = lines.map(({ day, url, embeddedIn, sent, given, refused }) => {
    const what = embeddedIn === undefined ? url : `  ${url} (shown by ${embeddedIn})`;
    return `${String(day).padStart(3)}  ${what.padEnd(52)} ${short(sent).padEnd(18)} ${short(given)}${refused ? ' refused' : ''}`;
  });
  return [
    title,
    `day  ${'asked for'.padEnd(52)} ${'cookie sent'.padEnd(18)} cookie given`,
    ...rows,
    '',
    `The shop says: ${greeting}`,
    `ads.com knows of: ${profile.length > 0 ? profile.join(', ') : 'nothing'}`,
    '',
  ].join('\n');
}

/** `visitor=1b0c…`: enough to see whether it is the same. */
function short(cookie: string | undefined): string {
  return cookie === undefined ? '-' : cookie.replace(/^([^=]+=.{6}).*/, '$1…');
}
