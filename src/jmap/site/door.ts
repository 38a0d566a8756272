/** Who asks: programs say it with each request (Basic), the page has a cookie of a session. */
import { Attempts, basicAuth, identityOf } from '../../auth/index.ts';
import type { CookieAttributes } from '../../cookies/index.ts';
import { cookieValue } from '../../cookies/index.ts';
import type { Context, Handler, Link, Request, Response } from '../../http/index.ts';
import { formFields } from '../../lib/form.ts';
import type { Account, MailStore } from '../../mail/index.ts';
import { calendar } from '../../net/index.ts';
import { memorySessionStore, sessionOf, sessions } from '../../sessions/index.ts';
import { SESSION_IDLE_MS, SIGN_IN_BYTES } from '../defaults.ts';
import { JmapError } from '../errors.ts';
import { parseJson } from '../wire/request.ts';
import { isObject } from '../wire/values.ts';
import { json, problem } from './answers.ts';

const COOKIE = 'mail';

/** Scripts of other sites cannot send it without being asked first (Fetch §3.2): the page's own do. */
export const PAGE_HEADER = 'X-Requested-With';

export interface DoorOptions {
  readonly store: MailStore;
  /** Passwords may be said without TLS. */
  readonly plaintext: boolean;
}

/** What is done for somebody who is signed in. */
export type Inside = (
  account: Account,
  request: Request,
  context: Context,
) => Response | Promise<Response>;

export class Door {
  private readonly options: DoorOptions;
  private readonly attempts = new Attempts();
  private readonly basic: Link;

  constructor(options: DoorOptions) {
    this.options = options;
    const { store, plaintext } = options;
    this.basic = basicAuth({
      realm: 'mail',
      check: async (name, password) => (await store.users.verify?.(name, password)) ?? false,
      overPlain: plaintext,
      attempts: this.attempts,
    });
  }

  /** Keeps sessions around a site. */
  sessions(): Link {
    const attributes = ({ url }: Request): CookieAttributes => {
      const secure = url.startsWith('https:');
      return { path: '/', httpOnly: true, sameSite: 'strict', ...(secure && { secure }) };
    };
    return sessions({
      store: memorySessionStore(),
      name: COOKIE,
      attributes,
      idleMs: SESSION_IDLE_MS,
      // Only who signs in becomes somebody.
      without: (request) => request.path !== '/login' && !hasCookie(request),
    });
  }

  /** Lets in who has said who he is. */
  inside(next: Inside): Handler {
    const basic = this.basic((request, context) => {
      const account = this.options.store.account(identityOf(request)?.name ?? '');
      return account ? next(account, request, context) : refused(request);
    });
    return (request, context) => {
      const account = this.visitor(request);
      if (account && !request.headers.has('Authorization')) {
        return isForged(request) ? foreign() : next(account, request, context);
      }
      // A browser would ask with a window of its own: the page asks itself.
      return isOfPage(request) ? refused(request) : basic(request, context);
    };
  }

  /** Whose session it is. */
  private visitor(request: Request): Account | undefined {
    if (!hasCookie(request)) return undefined;
    const name = sessionOf(request).get('account');
    return typeof name === 'string' ? this.options.store.account(name) : undefined;
  }

  /** `POST /login`: a name and a password, as JSON or as a form. */
  async signIn(request: Request, context: Context): Promise<Response> {
    if (isForeign(request)) return foreign();
    if (!this.isPrivate(request, context)) {
      return problem(403, 'A password would be readable on the way: use https.');
    }
    const { name, password, isForm } = await credentials(request);
    const now = calendar(context.host.clock);
    const key = `${context.remote.address} ${name}`;
    const waitMs = this.attempts.waitMs(key, now);
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      const answer = problem(429, `Too many attempts: wait ${seconds} s.`, { seconds });
      return { ...answer, headers: { ...answer.headers, 'Retry-After': String(seconds) } };
    }
    const { store } = this.options;
    const account = store.account(name);
    if (!account || !(await store.users.verify?.(name, password))) {
      this.attempts.failed(key, now);
      return problem(401, 'Name and password do not fit.');
    }
    this.attempts.passed(key);
    const session = sessionOf(request);
    session.set('account', account.name);
    session.renew();
    if (isForm) return { status: 303, headers: { Location: '/' } };
    return json({ account: account.name });
  }

  /** `POST /logout`. */
  signOut(request: Request): Response {
    if (isForeign(request)) return foreign();
    if (hasCookie(request)) sessionOf(request).remove();
    return json({});
  }

  /** Nobody is on the way to oneself. */
  private isPrivate(request: Request, { remote }: Context): boolean {
    const isOwn = /^127\./.test(remote.address) || remote.address === '::1';
    return this.options.plaintext || isOwn || request.scheme === 'https';
  }
}

function hasCookie({ headers }: Request): boolean {
  return cookieValue(headers.get('Cookie'), COOKIE) !== undefined;
}

function isOfPage({ headers }: Request): boolean {
  return headers.has(PAGE_HEADER) || headers.get('Sec-Fetch-Mode') === 'cors';
}

/** What changes something with a cookie alone could have been sent by a page of another site. */
function isForged(request: Request): boolean {
  const isSafe = request.method === 'GET' || request.method === 'HEAD';
  return isForeign(request) || (!isSafe && !request.headers.has(PAGE_HEADER));
}

function isForeign({ headers }: Request): boolean {
  const origin = headers.get('Origin');
  return origin !== undefined && origin.replace(/^https?:\/\//, '') !== headers.get('Host');
}

function foreign(): Response {
  return problem(403, 'Pages of other sites may not do that.');
}

function refused(request: Request): Response {
  const answer = problem(401, 'Sign in first.');
  if (isOfPage(request)) return answer;
  return { ...answer, headers: { ...answer.headers, 'WWW-Authenticate': 'Basic realm="mail"' } };
}

interface Given {
  readonly name: string;
  readonly password: string;
  readonly isForm: boolean;
}

/** Throws JmapError notJSON. */
async function credentials({ headers, body }: Request): Promise<Given> {
  const bytes = await body.bytes({ limit: SIGN_IN_BYTES });
  if (headers.get('Content-Type')?.startsWith('application/x-www-form-urlencoded')) {
    const fields = formFields(new TextDecoder().decode(bytes));
    return { name: fields.get('name') ?? '', password: fields.get('password') ?? '', isForm: true };
  }
  const value = parseJson(bytes);
  const { name, password } = isObject(value) ? value : {};
  if (typeof name !== 'string' || typeof password !== 'string') {
    throw new JmapError('request', 'notRequest', 'expected name and password');
  }
  return { name: name.trim(), password, isForm: false };
}
