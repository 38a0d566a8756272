/** The sites in a simulated world, and visitors with browsers. */
import { CookieJar, type CookieJarOptions } from '../../src/cookies/index.ts';
import { HttpClient, serveHttp, virtualHosts } from '../../src/http/index.ts';
import { calendar } from '../../src/net/index.ts';
import { type SimHost, World } from '../../src/net/sim/index.ts';
import { adsSite, memorySiteStore, type SiteStore, shopSite } from '../../src/sites/index.ts';

/** Somebody with a browser. */
export class Visitor {
  readonly host: SimHost;
  readonly jar: CookieJar;
  readonly client: HttpClient;

  constructor(host: SimHost, server: string, options: Partial<CookieJarOptions> = {}) {
    this.host = host;
    this.jar = new CookieJar({ now: () => calendar(host.clock), ...options });
    this.client = new HttpClient(host, { cookies: this.jar, lookup: async () => [server] });
  }

  async get(url: string, siteUrl?: string): Promise<string> {
    const options = siteUrl === undefined ? {} : { site: { siteUrl } };
    const response = await this.client.request({ url }, options);
    return `${response.status} ${await response.body.text()}`;
  }

  /** Sends a form of a page, with its hidden fields. */
  async post(
    page: string,
    action: string,
    fields: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const text = await this.get(page);
    const token = /name="token" value="(\w+)"/.exec(text)?.[1] ?? '';
    return this.send(action, { token, ...fields });
  }

  async send(action: string, fields: Readonly<Record<string, string>>): Promise<string> {
    const pairs = Object.entries(fields).map((pair) => pair.map(encodeURIComponent).join('='));
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const response = await this.client.request({
      url: action,
      method: 'POST',
      headers,
      body: pairs.join('&'),
    });
    return `${response.status} ${response.url} ${await response.body.text()}`;
  }
}

/** What the sites keep, and a way to visit them. */
export class SitesStage {
  readonly shopStore: SiteStore = memorySiteStore();
  readonly adsStore: SiteStore = memorySiteStore();

  /** Alice talks; `another` brings further visitors. */
  async play<T>(
    talk: (
      visitor: Visitor,
      another: (name: string, options?: Partial<CookieJarOptions>) => Visitor,
    ) => Promise<T>,
    options: Partial<CookieJarOptions> = {},
  ): Promise<T> {
    const world = new World({ seed: 'sites', epoch: Date.UTC(2026, 0, 1) });
    const server = world.host('server');
    const make = (name: string, more: Partial<CookieJarOptions> = {}) =>
      new Visitor(world.host(name), server.address, more);
    const run = async (): Promise<T> => {
      const [shop, ads] = [shopSite(this.shopStore), adsSite(this.adsStore)];
      const handler = virtualHosts({ 'www.shop.com': shop, 'www.ads.com': ads });
      await serveHttp(server, { handler });
      return talk(make('alice', options), make);
    };
    return world.run(run());
  }
}
