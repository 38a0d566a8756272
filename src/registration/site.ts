/** The registrar's web site: pages and forms for people, `/api` for programs. */
import {
  chain,
  type Handler,
  type HeadersInit,
  ownNames,
  type Request,
  type Response,
  redirectResponse,
} from '../http/index.ts';
import { hex } from '../lib/bytes.ts';
import { AppError, LimitError } from '../lib/errors.ts';
import type { Host } from '../net/index.ts';
import { COMMAND_LIMIT } from './defaults.ts';
import { RESULTS } from './errors.ts';
import { formCommand, readForm, readQuery } from './forms.ts';
import { plain, unicodeName } from './machine/names.ts';
import { sameText } from './machine/rules.ts';
import * as pages from './pages.ts';
import { commandHandler } from './provisioning.ts';
import type { Registrar } from './registrar.ts';

const TOKEN_BYTES = 16;

/** What is said above the page that a form leads to. */
const DONE: Readonly<Record<string, string>> = {
  register: 'It is yours, and resolves from everywhere by now.',
  renew: 'It is renewed.',
  change: 'It is changed.',
  transfer: 'It is with us now, for a year more. The old code is worth nothing any more.',
  restore: 'It is restored.',
  delete: 'It is deleted.',
};

export interface SiteOptions {
  /** Names under which the site is reached; addresses of the loopback network always are. */
  readonly names: readonly string[];
}

/** The whole site of one registrar. */
export function registrarSite(host: Host, registrar: Registrar, options: SiteOptions): Handler {
  const site = new Site(host, registrar);
  const api = commandHandler((command) => registrar.execute(command));
  return chain(ownNames(...options.names), (request, context) =>
    request.path === '/api' ? api(request, context) : site.answer(request),
  );
}

class Site {
  private readonly host: Host;
  private readonly registrar: Registrar;

  constructor(host: Host, registrar: Registrar) {
    this.host = host;
    this.registrar = registrar;
  }

  async answer(request: Request): Promise<Response> {
    const visit = new Visit(this.host, this.registrar, request);
    const query = readQuery(request.query);
    const name = plain(query.get('name') ?? '');
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    try {
      if (isRead && request.path === '/style.css') return style();
      if (isRead && request.path === '/') return await this.home(visit, query);
      if (isRead && request.path === '/search') return await this.search(visit, name);
      if (isRead && request.path === '/domain') return await this.domain(visit, name, query);
      if (request.method === 'POST') return await this.post(visit, request);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return visit.page(statusOf(error), name || 'Names', visit.search(name), bad(error));
    }
    return visit.page(404, 'Not found', visit.search());
  }

  private async home(visit: Visit, query: pages.Typed): Promise<Response> {
    const { domains = [], message } = await this.registrar.execute({ command: 'list' });
    const missing: pages.Notice | undefined = message.includes(';')
      ? { kind: 'bad', text: message }
      : undefined;
    const table = `<section><h2>Our customers' names</h2>${pages.domainTable(domains)}</section>`;
    return visit.page(200, 'Names', visit.search() + table, missing ?? done(query));
  }

  private async search(visit: Visit, name: string): Promise<Response> {
    const { available, reason } = await this.registrar.execute({ command: 'check', name });
    const title = unicodeName(name);
    const form = available ? pages.registerForm(visit.context, name, new Map()) : '';
    const found = available
      ? `<section><h2>Register it</h2>${form}</section>`
      : `<section><p>${pages.link(name)} is not free: ${reason ?? 'registered'}.</p>
<h2>Is it yours, at another registrar?</h2>${pages.transferForm(visit.context, name, new Map())}</section>`;
    const heading = `${title} is ${available ? 'free' : 'taken'}`;
    return visit.page(200, heading, visit.search(name) + found);
  }

  private async domain(visit: Visit, name: string, query: pages.Typed): Promise<Response> {
    const { domain } = await this.registrar.execute({ command: 'info', name });
    if (!domain) return visit.page(404, name, visit.search(name));
    const body = pages.domainPage(visit.context, domain, new Map());
    return visit.page(200, unicodeName(name), body, done(query));
  }

  private async post(visit: Visit, request: Request): Promise<Response> {
    const action = request.path.slice(1);
    if (!Object.hasOwn(DONE, action)) return visit.page(404, 'Not found', visit.search());
    const type = request.headers.get('Content-Type') ?? '';
    if (!/^application\/x-www-form-urlencoded\b/i.test(type)) {
      return visit.page(415, 'Names', visit.search(), {
        kind: 'bad',
        text: 'expected the fields of a form (application/x-www-form-urlencoded)',
      });
    }
    const form = readForm(await request.body.text({ limit: COMMAND_LIMIT }));
    if (!visit.isOwn(form.get('token') ?? '')) {
      const text =
        'This form is not from this site, or too old: open the page again (is the cookie kept?).';
      return visit.page(403, 'Names', visit.search(), { kind: 'bad', text });
    }
    const name = plain(form.get('name') ?? '');
    try {
      const { domain } = await this.registrar.execute(formCommand(action, form));
      const place = domain ? `/domain?name=${encodeURIComponent(name)}&` : '/?';
      return redirectResponse(`${place}done=${action}`, 303);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return await this.again(visit, action, name, form, error);
    }
  }

  /** The form as it was filled in, and what was wrong with it. */
  private async again(
    visit: Visit,
    action: string,
    name: string,
    form: pages.Typed,
    error: AppError,
  ): Promise<Response> {
    const status = statusOf(error);
    const { context } = visit;
    if (action === 'register') {
      const body = `<section>${pages.registerForm(context, name, form)}</section>`;
      return visit.page(status, unicodeName(name), visit.search(name) + body, bad(error));
    }
    if (action === 'transfer') {
      const body = `<section>${pages.transferForm(context, name, form)}</section>`;
      return visit.page(status, unicodeName(name), visit.search(name) + body, bad(error));
    }
    const info = this.registrar.execute({ command: 'info', name });
    const { domain } = await info.catch(() => ({ domain: undefined }));
    const typed = action === 'change' ? form : new Map<string, string>();
    const body = domain ? pages.domainPage(context, domain, typed) : visit.search(name);
    return visit.page(status, unicodeName(name), body, bad(error));
  }
}

/** One request of a visitor, whose browser keeps a secret of ours that other sites can't read. */
class Visit {
  readonly context: pages.PageContext;
  private readonly cookie: string | undefined;

  constructor(host: Host, registrar: Registrar, request: Request) {
    const cookies = request.headers.get('Cookie') ?? '';
    this.cookie = /(?:^|;\s*)visitor=([0-9a-f]{32})(?:;|$)/.exec(cookies)?.[1];
    this.context = {
      title: registrar.account.name,
      zones: registrar.zones,
      token: this.cookie ?? hex(host.random.bytes(TOKEN_BYTES)),
      nameServer: registrar.hosting?.nameServer,
    };
  }

  isOwn(token: string): boolean {
    return this.cookie !== undefined && sameText(token, this.cookie);
  }

  search(name = ''): string {
    return `<section>${pages.searchForm(this.context, name)}</section>`;
  }

  page(status: number, heading: string, body: string, notice?: pages.Notice): Response {
    const fresh = `visitor=${this.context.token}; Path=/; HttpOnly; SameSite=Strict`;
    const headers: HeadersInit = [
      ['Content-Type', 'text/html; charset=utf-8'],
      ['Cache-Control', 'no-store'],
      [
        'Content-Security-Policy',
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      ],
      ['Referrer-Policy', 'same-origin'],
      ...(this.cookie === undefined ? [['Set-Cookie', fresh] as [string, string]] : []),
    ];
    return { status, headers, body: pages.page(this.context, heading, body, notice) };
  }
}

function done(query: pages.Typed): pages.Notice | undefined {
  const text = Object.hasOwn(DONE, query.get('done') ?? '')
    ? DONE[query.get('done') ?? '']
    : undefined;
  return text === undefined ? undefined : { kind: 'good', text };
}

function bad({ message, spec }: AppError): pages.Notice {
  return { kind: 'bad', text: spec ? `${message} (${spec})` : message };
}

/** A refusal has a status of its own; a registry that is not there is a bad gateway. */
function statusOf(error: AppError): number {
  const { code } = error;
  if (error instanceof LimitError) return error.reply ?? 400;
  if (code === 'REG_FAILED') return 502;
  return Object.hasOwn(RESULTS, code) ? RESULTS[code as keyof typeof RESULTS].status : 502;
}

function style(): Response {
  const headers = { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': 'max-age=3600' };
  return { status: 200, headers, body: pages.STYLE };
}
