/** Digest and Basic on the client's side: answers a challenge, and knows the server again. */
import {
  type CallOptions,
  type ClientRequest,
  type ClientResponse,
  HeaderList,
  type HttpClient,
} from '../http/index.ts';
import { base64 } from '../lib/base64.ts';
import { utf8 } from '../lib/bytes.ts';
import type { Random } from '../net/index.ts';
import { sameSecret } from './machine/compare.ts';
import {
  credentialHash,
  digestHash,
  digestResponse,
  type Proof,
  userHash,
} from './machine/digest.ts';
import type { AuthField, DigestAlgorithm, Qop } from './types.ts';
import {
  type AuthParam,
  formatAuthField,
  parseAuthInfo,
  parseChallenges,
} from './wire/auth-field.ts';
import { algorithmNamed } from './wire/digest-credentials.ts';
import { extendedValue } from './wire/extended-value.ts';

export interface CredentialsOptions {
  readonly user: string;
  readonly password: string;
  /** A client's nonces come from it. */
  readonly random: Random;
  /** Which schemes may be used; Basic shows the password to everybody on the way. Default: digest. */
  readonly schemes?: readonly ('digest' | 'basic')[];
}

/** What is proved: a request whose body, if any, is in memory. */
export interface ProvedRequest {
  readonly url: string;
  readonly method: string;
  readonly body?: string | Uint8Array | undefined;
}

/** What a server had said, for the requests that follow (RFC 7616 §3.6). */
interface Session {
  readonly realm: string;
  readonly algorithm: DigestAlgorithm;
  /** The `-sess` variant. */
  readonly session: boolean;
  readonly qop: Qop;
  readonly userhash: boolean;
  readonly opaque: string | undefined;
  readonly nonce: string;
  count: number;
}

const CNONCE_BYTES = 18;

/** One user with one password, for any number of servers. */
export class Credentials {
  private readonly options: CredentialsOptions;
  private readonly sessions = new Map<string, Session>();
  private readonly proofs = new WeakMap<ProvedRequest, Proof>();

  constructor(options: CredentialsOptions) {
    this.options = options;
  }

  /** The Authorization of a request to a server that was met before; undefined for a new one. */
  authorize(request: ProvedRequest): string | undefined {
    const session = this.sessions.get(originOf(request.url));
    return session && this.digest(session, request);
  }

  /** The Authorization that a 401 asks for; undefined when it asks for what we can't or mustn't give. */
  answer(challenges: readonly string[], request: ProvedRequest): string | undefined {
    const origin = originOf(request.url);
    const { schemes = ['digest'] } = this.options;
    for (const challenge of parseChallenges(challenges)) {
      if (challenge.scheme === 'digest' && schemes.includes('digest')) {
        const session = sessionOf(challenge);
        if (!session) continue;
        this.sessions.set(origin, session);
        return this.digest(session, request);
      }
      if (challenge.scheme === 'basic' && schemes.includes('basic')) return this.basic();
    }
    return undefined;
  }

  /** Whether the server proved that it knows the password; undefined when it said nothing (RFC 7616 §3.5). */
  check(info: string | undefined, request: ProvedRequest, body: Uint8Array): boolean | undefined {
    const params = parseAuthInfo(info ?? '');
    const [rspauth, proof] = [params.get('rspauth'), this.proofs.get(request)];
    const next = params.get('nextnonce');
    const origin = originOf(request.url);
    const session = this.sessions.get(origin);
    if (next !== undefined && session)
      this.sessions.set(origin, { ...session, nonce: next, count: 0 });
    if (rspauth === undefined || !proof) return undefined;
    const bodyHash = digestHash(proof.algorithm, body);
    return sameSecret(digestResponse({ ...proof, method: '', bodyHash }), rspauth.toLowerCase());
  }

  private digest(session: Session, request: ProvedRequest): string {
    const { user, password, random } = this.options;
    const { realm, algorithm, qop, nonce, userhash } = session;
    session.count++;
    const { pathname, search } = new URL(request.url);
    const body = request.body ?? '';
    const proof: Proof = {
      algorithm,
      session: session.session,
      ha1: credentialHash(algorithm, user, realm, password),
      nonce,
      nc: session.count.toString(16).padStart(8, '0'),
      cnonce: base64(random.bytes(CNONCE_BYTES)),
      qop,
      method: request.method,
      uri: pathname + search,
      bodyHash: digestHash(algorithm, typeof body === 'string' ? utf8(body) : body),
    };
    this.proofs.set(request, proof);
    const params: AuthParam[] = [
      ...nameParams(user, realm, algorithm, userhash),
      ['realm', realm, 'quoted'],
      ['uri', proof.uri, 'quoted'],
      ['algorithm', session.session ? `${algorithm}-sess` : algorithm, 'bare'],
      ['nonce', nonce, 'quoted'],
      ['nc', proof.nc, 'bare'],
      ['cnonce', proof.cnonce, 'quoted'],
      ['qop', qop, 'bare'],
      ['response', digestResponse(proof), 'quoted'],
      ['opaque', session.opaque, 'quoted'],
    ];
    return formatAuthField('Digest', params);
  }

  private basic(): string {
    const { user, password } = this.options;
    return `Basic ${base64(utf8(`${user}:${password}`))}`;
  }
}

/** Undefined for algorithms and qualities that we don't know (RFC 7616 §3.3). */
function sessionOf({ params }: AuthField): Session | undefined {
  const named = algorithmNamed(params.get('algorithm'));
  const offered = (params.get('qop') ?? '').split(',').map((word) => word.trim().toLowerCase());
  const qop = (['auth', 'auth-int'] as const).find((known) => offered.includes(known));
  const [realm, nonce] = [params.get('realm'), params.get('nonce')];
  if (!named || !qop || realm === undefined || nonce === undefined) return undefined;
  const userhash = params.get('userhash')?.toLowerCase() === 'true';
  return { ...named, realm, nonce, qop, userhash, opaque: params.get('opaque'), count: 0 };
}

/** Hashed where the server asks for it, extended where a quoted string would not do (§3.4, §3.4.4). */
function nameParams(
  user: string,
  realm: string,
  algorithm: DigestAlgorithm,
  userhash: boolean,
): AuthParam[] {
  if (userhash) {
    return [
      ['username', userHash(algorithm, user, realm), 'quoted'],
      ['userhash', 'true', 'bare'],
    ];
  }
  const plain = /^[\x20-\x7e]*$/.test(user);
  return plain ? [['username', user, 'quoted']] : [['username*', extendedValue(user), 'bare']];
}

function originOf(url: string): string {
  return new URL(url).origin;
}

/**
 * A request with credentials: at once where the server is known, else after its challenge; once more when the
 * nonce had become stale. Redirections are not followed: what was proved was proved for this URL.
 */
export async function requestAs(
  client: HttpClient,
  credentials: Credentials,
  request: ClientRequest & { readonly body?: string | Uint8Array },
  options: CallOptions = {},
): Promise<ClientResponse> {
  const method = request.method ?? (request.body === undefined ? 'GET' : 'POST');
  const ask = (authorization: string | undefined): Promise<ClientResponse> => {
    const headers = HeaderList.from(request.headers);
    const all =
      authorization === undefined ? headers : headers.with('Authorization', authorization);
    return client.request({ ...request, method, headers: all }, { ...options, redirect: 'manual' });
  };
  const proved: ProvedRequest = { url: request.url, method, body: request.body };
  let response = await ask(credentials.authorize(proved));
  for (let tries = 0; response.status === 401 && tries < 2; tries++) {
    const challenges = response.headers.all('WWW-Authenticate');
    // The same password again would be wrong again; only a stale nonce is worth another try.
    if (tries > 0 && !isStale(challenges)) break;
    const answer = credentials.answer(challenges, proved);
    if (answer === undefined) break;
    await response.body.bytes({ limit: 65_536 }).catch(() => undefined);
    response = await ask(answer);
  }
  return response;
}

function isStale(challenges: readonly string[]): boolean {
  return parseChallenges(challenges).some(
    ({ params }) => params.get('stale')?.toLowerCase() === 'true',
  );
}
