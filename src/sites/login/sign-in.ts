/** Signing in at the shop: two ways in which the password never crosses the wire, then a second factor. */
import {
  Attempts,
  checkProof,
  checkTotp,
  digestAuth,
  identityOf,
  otpauthUri,
  totp,
} from '../../auth/index.ts';
import { chain, type Handler, type Response, redirectResponse } from '../../http/index.ts';
import { base32 } from '../../lib/base32.ts';
import { fromHex, hex } from '../../lib/bytes.ts';
import { type CounterStore, sessionOf } from '../../sessions/index.ts';
import { CODE_WAIT_MS } from '../defaults.ts';
import { asset, type Form, formToken, readForm, SCRIPT } from '../page.ts';
import { type Show, type ShowOptions, userOf, type Visit } from '../visit.ts';
import * as pages from './pages.ts';
import { proofScript } from './proof-script.ts';
import { REALM, type SiteUser, siteUsers, type Users } from './users.ts';

export interface SignInOptions {
  /** Remembers which code was used last. */
  readonly counters: CounterStore;
  readonly show: Show;
}

const CHALLENGE_BYTES = 16;

export class SignIn {
  private readonly counters: CounterStore;
  private readonly show: Show;
  private readonly passwords = new Attempts();
  private readonly codes = new Attempts();
  private known: Users | undefined;
  private digest: Handler | undefined;

  constructor({ counters, show }: SignInOptions) {
    this.counters = counters;
    this.show = show;
  }

  /** Undefined for pages that are not about signing in. */
  async answer(visit: Visit): Promise<Response | undefined> {
    const { path, method } = visit.request;
    if (path === '/account/proof.js') return asset(SCRIPT, proofScript());
    if (path !== '/account' && !path.startsWith('/account/')) return undefined;
    if (method === 'POST') return this.post(visit);
    if (path === '/account') return this.account(visit);
    if (path === '/account/digest') return this.byDigest(visit);
    if (path === '/account/code') return this.askCode(visit);
    if (path === '/account/code-now') return this.codeNow(visit);
    return undefined;
  }

  private async post(visit: Visit): Promise<Response | undefined> {
    const form = await readForm(visit.request, visit.session);
    if (typeof form === 'string') return this.refuse(visit, 403, form);
    const { path } = visit.request;
    if (path === '/account/login') return this.login(visit, form);
    if (path === '/account/code') return this.checkCode(visit, form);
    if (path === '/account/logout') return this.logout(visit);
    return undefined;
  }

  private account(visit: Visit): Response {
    const user = userOf(visit.session);
    if (user === undefined) return this.signInPage(visit, 200);
    const body = pages.accountPage(user, formToken(visit.session, visit.context.host));
    return this.show(visit, 200, `Hello, ${user}`, body);
  }

  /** Each showing has a challenge of its own; the one before is worth nothing any more. */
  private signInPage(visit: Visit, status: number, name = '', options: ShowOptions = {}): Response {
    const { session, context } = visit;
    const challenge = hex(context.host.random.bytes(CHALLENGE_BYTES));
    session.set('challenge', challenge);
    const body = pages.signInPage(challenge, formToken(session, context.host), name);
    return this.show(visit, status, 'Sign in', body, {
      scripts: ['/account/proof.js'],
      ...options,
    });
  }

  private login(visit: Visit, form: Form): Response {
    const { session, context, now } = visit;
    const name = (form.get('name') ?? '').trim();
    const key = `${context.remote.address} ${name}`;
    const waitMs = this.passwords.waitMs(key, now);
    if (waitMs > 0) return this.tooMany(visit, waitMs, name);
    const challenge = session.get('challenge');
    session.set('challenge', undefined);
    const user = this.users.byName.get(name);
    const proof = fromHex(form.get('proof') ?? '');
    const right =
      user &&
      proof &&
      typeof challenge === 'string' &&
      checkProof(user.keys, `${name},${challenge}`, proof);
    if (!right) {
      this.passwords.failed(key, now);
      context.note(
        `sign-in of ${name} refused: the proof does not fit the challenge`,
        'RFC 5802 §3',
      );
      return this.refuse(visit, 403, 'User and password do not fit.', name);
    }
    this.passwords.passed(key);
    return this.passwordProved(visit, user);
  }

  /** The link before it lets in only who knows the password. */
  private byDigest(visit: Visit): Response | Promise<Response> {
    this.digest ??= chain(
      digestAuth({
        realm: REALM,
        users: this.users.digest,
        qop: ['auth'],
        attempts: this.passwords,
      }),
      (request, context) => {
        const user = this.users.byName.get(identityOf(request)?.name ?? '');
        const again = { ...visit, request, context, session: sessionOf(request) };
        return user ? this.passwordProved(again, user) : redirectResponse('/account', 303);
      },
    );
    return this.digest(visit.request, visit.context);
  }

  private passwordProved({ session, now }: Visit, { name }: SiteUser): Response {
    session.renew();
    session.set('pending', { name, until: now + CODE_WAIT_MS });
    return redirectResponse('/account/code', 303);
  }

  /** Who has proved the password a moment ago. */
  private pending({ session, now }: Visit): SiteUser | undefined {
    const pending = session.get('pending') as { name?: unknown; until?: unknown } | undefined;
    const fresh = typeof pending?.until === 'number' && pending.until > now;
    return fresh ? this.users.byName.get(String(pending?.name)) : undefined;
  }

  private askCode(visit: Visit, status = 200, options: ShowOptions = {}): Response {
    const user = this.pending(visit);
    if (!user) return redirectResponse('/account', 303);
    const { name, totpSecret: secret } = user;
    const uri = otpauthUri({ issuer: 'The shop', account: name, secret });
    const help = { uri, secret: base32(secret) };
    const body = pages.codePage(name, help, formToken(visit.session, visit.context.host));
    return this.show(visit, status, 'One more step', body, options);
  }

  private codeNow(visit: Visit): Response {
    const user = this.pending(visit);
    if (!user) return redirectResponse('/account', 303);
    const left = 30 - (Math.floor(visit.now / 1000) % 30);
    return this.show(
      visit,
      200,
      'The code of now',
      pages.codeNowPage(totp(user.totpSecret, visit.now), left),
    );
  }

  private async checkCode(visit: Visit, form: Form): Promise<Response> {
    const { session, now } = visit;
    const user = this.pending(visit);
    if (!user) return redirectResponse('/account', 303);
    const waitMs = this.codes.waitMs(user.name, now);
    if (waitMs > 0) return this.askCode(visit, 429, { notice: waitNotice(waitMs) });
    const code = (form.get('code') ?? '').replace(/\s/g, '');
    const step = checkTotp(user.totpSecret, code, now);
    const fresh = step !== undefined && (await this.counters.advance(`totp ${user.name}`, step));
    if (!fresh) {
      this.codes.failed(user.name, now);
      const text =
        step === undefined
          ? 'That is not the code of now.'
          : 'This code was used before: wait for the next one.';
      return this.askCode(visit, 403, { notice: { kind: 'bad', text } });
    }
    this.codes.passed(user.name);
    session.set('pending', undefined);
    session.set('user', user.name);
    session.renew();
    return redirectResponse('/account', 303);
  }

  private logout({ session }: Visit): Response {
    session.set('user', undefined);
    session.renew();
    return redirectResponse('/account', 303);
  }

  private refuse(visit: Visit, status: number, text: string, name = ''): Response {
    return this.signInPage(visit, status, name, { notice: { kind: 'bad', text } });
  }

  private tooMany(visit: Visit, waitMs: number, name: string): Response {
    return this.signInPage(visit, 429, name, { notice: waitNotice(waitMs) });
  }

  private get users(): Users {
    this.known ??= siteUsers();
    return this.known;
  }
}

function waitNotice(waitMs: number): { readonly kind: 'bad'; readonly text: string } {
  return { kind: 'bad', text: `Too many attempts: wait ${Math.ceil(waitMs / 1000)} seconds.` };
}
