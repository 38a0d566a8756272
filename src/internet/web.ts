/** The services of the Web: sites, the same over TLS, and proxies. */
import {
  type Handler,
  redirectResponse,
  serveHttp,
  staticFiles,
  virtualHosts,
} from '../http/index.ts';
import { UsageError } from '../lib/errors.ts';
import type { Certificate, Host, Server } from '../net/index.ts';
import { proxyCache, serveProxy } from '../proxy/index.ts';
import { type SiteApp, siteNamed } from '../sites/index.ts';
import { copyFolder } from './content.ts';
import type { HttpPlan, HttpsPlan, ProxyPlan } from './scenario/types.ts';
import type { LocalSetting } from './services.ts';

export async function startHttp(
  host: Host,
  plan: HttpPlan,
  { content, stores, local }: LocalSetting,
): Promise<Server> {
  const sites: Record<string, Handler> = {};
  const apps = new Map<SiteApp, Handler>();
  for (const [name, site] of Object.entries(plan.sites)) {
    if (typeof site === 'string') {
      await copyFolder(content, `/${site}`, host.files, `/sites/${name}`);
      const { cacheControl } = plan;
      const told = cacheControl === undefined ? {} : { cacheControl };
      sites[name] = staticFiles({ root: `/sites/${name}`, ...told });
    } else {
      const running = apps.get(site.app) ?? siteNamed(host, site, stores.site(host.name, site.app));
      apps.set(site.app, running);
      sites[name] = running;
    }
  }
  local.sites = virtualHosts(sites);
  const only = local.services.https?.only ?? [];
  const moved = Object.fromEntries(only.map((name) => [name, toSecure]));
  return serveHttp(host, { handler: virtualHosts({ ...sites, ...moved }), ...portOf(plan) });
}

/** RFC 9110 §15.4.9: the same request, at the secure place. */
const toSecure: Handler = ({ hostname, target }) =>
  redirectResponse(`https://${hostname}${target}`, 308);

/** The sites of the http service, each with a certificate for its name. */
export async function startHttps(
  host: Host,
  plan: HttpsPlan,
  { authority, local }: LocalSetting,
): Promise<Server> {
  const { sites } = local;
  const names = Object.keys(local.services.http?.sites ?? {});
  const [first] = names;
  if (!authority) throw new UsageError(`${host.name}: no TLS is spoken on this network`);
  if (!sites || first === undefined) throw new UsageError(`${host.name}: https without http sites`);
  const certificates = new Map<string, Certificate>();
  for (const name of names) certificates.set(name, await authority.issue([name]));
  // RFC 6066 §3: a client that says no name gets the first.
  const certificateFor = (name = first) => certificates.get(name.toLowerCase());
  return serveHttp(host, { handler: sites, secure: { certificateFor }, port: plan.port ?? 443 });
}

export function startProxy(
  host: Host,
  plan: ProxyPlan,
  { surroundings, onProxy }: LocalSetting,
): Promise<Server> {
  const cache = proxyCache(host, plan.maxSize);
  onProxy(cache);
  const { lookup } = surroundings.userAt(host);
  return serveProxy(host, { lookup, cache, ...portOf(plan) });
}

function portOf(plan: { readonly port?: number | undefined }): { port?: number } {
  return plan.port === undefined ? {} : { port: plan.port };
}
