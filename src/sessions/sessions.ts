/** A link that knows visitors again: by an identifier in a cookie, and an entry in a store. */
import type { Sealer } from '../auth/index.ts';
import { type CookieAttributes, cookieValue, setCookie } from '../cookies/index.ts';
import {
  type Context,
  type Handler,
  HeaderList,
  type Link,
  type Request,
  type Response,
} from '../http/index.ts';
import { hex } from '../lib/bytes.ts';
import { UsageError } from '../lib/errors.ts';
import { calendar, type Host } from '../net/index.ts';
import {
  ENTRIES_LIMIT,
  ID_BYTES,
  IDLE_MS,
  LIFETIME_MS,
  PRUNE_EVERY,
  TOUCH_MS,
} from './defaults.ts';
import { Session } from './session.ts';
import type { SessionEntry, SessionStore } from './types.ts';

export interface SessionsOptions {
  readonly store: SessionStore;
  /** Default: `id`. */
  readonly name?: string;
  /** Beside the lifetime, which follows `idleMs`. Default: Path=/, HttpOnly, SameSite=Lax, and Secure over TLS. */
  readonly attributes?: (request: Request) => CookieAttributes;
  /** Signs or encrypts the identifier; without it the cookie holds it as it is. */
  readonly sealer?: Sealer;
  /** Without a visit. */
  readonly idleMs?: number;
  /** In all. */
  readonly lifetimeMs?: number;
  readonly entriesLimit?: number;
  /** Visitors for whom no entry is made; they have a session that is forgotten with the answer. */
  readonly without?: (request: Request) => boolean;
}

const SESSIONS = new WeakMap<Request, Session>();

/** The visitor of a request, behind the link `sessions`. */
export function sessionOf(request: Request): Session {
  const session = SESSIONS.get(request);
  if (!session) throw new UsageError('there is no link "sessions" before this handler');
  return session;
}

/** Makes an identifier at the first visit, keeps the entry, and gives it back at the next. */
export function sessions(options: SessionsOptions): Link {
  const keeper = new Keeper(options);
  return (next) => (request, context) => keeper.answer(request, context, next);
}

/** Requests of one visitor that overlap share its session, so that none undoes what the other did. */
interface Shared {
  readonly session: Session;
  entry: SessionEntry;
  users: number;
}

class Keeper {
  private readonly options: SessionsOptions;
  private readonly name: string;
  private readonly open = new Map<string, Promise<Shared>>();
  private made = 0;

  constructor(options: SessionsOptions) {
    this.options = options;
    this.name = options.name ?? 'id';
  }

  async answer(request: Request, context: Context, next: Handler): Promise<Response> {
    const { host } = context;
    const now = calendar(host.clock);
    const given = this.idIn(request, context);
    const key = given ?? '';
    const shared = await (given === undefined
      ? this.begin(host, now)
      : this.share(given, host, now));
    shared.users++;
    SESSIONS.set(request, shared.session);
    try {
      const response = await next(request, context);
      if (this.options.without?.(request)) return response;
      return await this.keep(shared, given, request, response, now);
    } finally {
      if (--shared.users === 0) this.open.delete(key);
    }
  }

  /** The identifier of the cookie; a sealed one only if it opens. */
  private idIn(request: Request, context: Context): string | undefined {
    const value = cookieValue(request.headers.get('Cookie'), this.name);
    const { sealer } = this.options;
    if (value === undefined || !sealer) return isId(value) ? value : undefined;
    const opened = sealer.open(value);
    if (opened.refused) context.note(`the cookie ${this.name} is not believed: ${opened.refused}`);
    return isId(opened.value) ? opened.value : undefined;
  }

  private share(id: string, host: Host, now: number): Promise<Shared> {
    const known = this.open.get(id);
    if (known) return known;
    const loading = this.options.store.load(id).then((entry) =>
      // An unknown identifier is not taken over: somebody may have planted it (session fixation).
      entry && entry.expires > now ? this.shared(entry, host, false) : this.begin(host, now),
    );
    this.open.set(id, loading);
    loading.catch(() => this.open.delete(id));
    return loading;
  }

  private begin(host: Host, now: number): Shared {
    const entry = { id: newId(host), created: now, seen: now, expires: now, data: {} };
    return this.shared(entry, host, true);
  }

  private shared(entry: SessionEntry, host: Host, isNew: boolean): Shared {
    return { session: new Session(entry, () => newId(host), isNew), entry, users: 0 };
  }

  private async keep(
    shared: Shared,
    given: string | undefined,
    request: Request,
    response: Response,
    now: number,
  ): Promise<Response> {
    const { store, idleMs = IDLE_MS, lifetimeMs = LIFETIME_MS } = this.options;
    const { session } = shared;
    const { kind, replaces } = session.takeChange();
    if (kind === 'removed') {
      await store.remove(replaces ?? session.id);
      return this.withCookie(response, request, '', 0);
    }
    const stored = shared.entry.expires > shared.entry.created;
    const touched = now - shared.entry.seen >= TOUCH_MS;
    const expires = Math.min(now + idleMs, session.created + lifetimeMs);
    if (kind === 'changed' || !stored || touched) {
      const { id, created, data } = session;
      shared.entry = { id, created, seen: now, expires, data };
      await store.save(shared.entry, replaces);
      if (!stored) await this.prune(now);
    }
    const tell = session.id !== given || touched;
    return tell ? this.withCookie(response, request, session.id, expires - now) : response;
  }

  private async prune(now: number): Promise<void> {
    if (this.made++ % PRUNE_EVERY !== 0) return;
    await this.options.store.prune(now, this.options.entriesLimit ?? ENTRIES_LIMIT);
  }

  private withCookie(response: Response, request: Request, id: string, forMs: number): Response {
    const { sealer, attributes = usual } = this.options;
    const value = sealer && forMs > 0 ? sealer.seal(id, forMs) : id;
    const maxAge = Math.floor(forMs / 1000);
    const text = setCookie(this.name, value, { ...attributes(request), maxAge });
    const headers = HeaderList.from(response.headers).appended('Set-Cookie', text);
    // A cache that kept this would make one visitor of many (RFC 9111 §7.3).
    const alone = headers.has('Cache-Control') ? headers : headers.with('Cache-Control', 'private');
    return { ...response, headers: alone };
  }
}

function usual(request: Request): CookieAttributes {
  const secure = request.url.startsWith('https:');
  return { path: '/', httpOnly: true, sameSite: 'lax', ...(secure && { secure }) };
}

function newId(host: Host): string {
  return hex(host.random.bytes(ID_BYTES));
}

function isId(text: string | undefined): text is string {
  return text?.length === 2 * ID_BYTES && /^[0-9a-f]*$/.test(text);
}
