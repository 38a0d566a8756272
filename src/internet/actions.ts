/** What a user at a host can do: the buttons of the dashboard, the scripts, the remote terminal. */

import { CookieJar } from '../cookies/index.ts';
import { HttpClient, type ProxyChoice } from '../http/index.ts';
import { type Address, type Endpoint, isIPv4 } from '../lib/endpoint.ts';
import { UsageError } from '../lib/errors.ts';
import { calendar, type Host, type Lookup } from '../net/index.ts';
import { loadPage, type Page, type PageMode } from '../page/index.ts';
import { PING_PORT, type PingEvent, type PingSummary, ping } from '../ping/index.ts';
import {
  type Answer,
  type Command,
  encodeCommand,
  parseCommand,
  RegistrationClient,
} from '../registration/index.ts';

export interface User {
  readonly host: Host;
  readonly lookup: Lookup;
  readonly jar: CookieJar;
  readonly client: HttpClient;
}

export interface UserOptions {
  /** Default: one that ends with the user. */
  readonly jar?: CookieJar;
  /** Whose certificates are trusted. */
  readonly authorities?: readonly string[];
  readonly proxy?: ProxyChoice;
}

export function userAt(host: Host, lookup: Lookup, options: UserOptions = {}): User {
  const { authorities = [], proxy } = options;
  const jar = options.jar ?? new CookieJar({ now: () => calendar(host.clock) });
  const more = { cookies: jar, secure: { authorities }, ...(proxy && { proxy }) };
  return { host, lookup, jar, client: new HttpClient(host, { lookup, ...more }) };
}

/** Loads a page with its objects. */
export function load(
  user: User,
  url: string,
  options: { mode?: PageMode; signal?: AbortSignal } = {},
): Promise<Page> {
  return loadPage(user.client, url, options);
}

/** The addresses of a name; an address stands for itself. */
export async function resolve(
  user: User,
  name: string,
  signal?: AbortSignal,
): Promise<readonly Address[]> {
  return isIPv4(name) ? [name] : user.lookup(name, signal ? { signal } : {});
}

export interface PingRequest {
  readonly port?: number;
  readonly count?: number;
  readonly intervalMs?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: PingEvent) => void;
}

/** Pings a host by name or address. */
export async function pingHost(
  user: User,
  name: string,
  request: PingRequest = {},
): Promise<PingSummary> {
  const { port = PING_PORT, ...options } = request;
  const [address] = await resolve(user, name, request.signal);
  const to: Endpoint = { address: address as Address, port };
  return ping(user.host, to, options);
}

/** A registrar is known by the name of its site: `www.registrar.com`. */
const SITE = /^[a-z0-9.-]+(:\d{1,5})?$/i;

/**
 * A customer's command to a registrar. It is checked before it is sent: what is wrong with it is told
 * without an internet. Throws RegistrationError when the registrar, or the registry, refuses.
 */
export async function toRegistrar(
  user: Pick<User, 'client'>,
  site: string,
  command: Command,
  options: { signal?: AbortSignal } = {},
): Promise<Answer> {
  if (!SITE.test(site)) {
    throw new UsageError(
      `expected the name of a registrar such as www.registrar.com, found ${site}`,
    );
  }
  const checked = parseCommand(encodeCommand(command));
  const door = new RegistrationClient(user.client, { url: `http://${site}/api` });
  return await door.send(checked, options);
}
