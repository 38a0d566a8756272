/** Digest on the server's side (RFC 7616): a link that lets in who knows a password, which is never sent. */
import {
  type Context,
  type Handler,
  HeaderList,
  type Link,
  type Request,
  type Response,
} from '../../http/index.ts';
import { utf8 } from '../../lib/bytes.ts';
import { calendar } from '../../net/index.ts';
import { BODY_LIMIT } from '../defaults.ts';
import { Attempts } from '../machine/attempts.ts';
import { sameSecret } from '../machine/compare.ts';
import { digestHash, digestResponse, type Proof } from '../machine/digest.ts';
import { Nonces } from '../machine/nonces.ts';
import type { AuthFailure, DigestAlgorithm, DigestUser, DigestUsers, Qop } from '../types.ts';
import { type AuthParam, formatAuthField, formatAuthParams } from '../wire/auth-field.ts';
import { type DigestCredentials, digestCredentials } from '../wire/digest-credentials.ts';
import { identified } from './identity.ts';
import { withReadBody } from './read-body.ts';
import { tooMany, unauthorized } from './refusals.ts';

export interface DigestAuthOptions {
  readonly realm: string;
  readonly users: DigestUsers;
  /** In the order in which they are offered; default: SHA-256 alone. */
  readonly algorithms?: readonly DigestAlgorithm[];
  /** Default: both. */
  readonly qop?: readonly Qop[];
  /** Asks clients to hide the user's name (§3.4.4). */
  readonly userhash?: boolean;
  readonly nonceLifetimeMs?: number;
  readonly attempts?: Attempts;
  readonly onFailure?: (failure: AuthFailure) => void;
}

/** What follows runs only for requests that were proved; `identityOf` tells it by whom. */
export function digestAuth(options: DigestAuthOptions): Link {
  return (next) => {
    const door = new DigestDoor(options, next);
    return (request, context) => door.answer(request, context);
  };
}

const SECRET_BYTES = 32;

class DigestDoor {
  private readonly options: DigestAuthOptions;
  private readonly next: Handler;
  private readonly attempts: Attempts;
  private readonly algorithms: readonly DigestAlgorithm[];
  private readonly qop: readonly Qop[];
  private nonces: Nonces | undefined;

  constructor(options: DigestAuthOptions, next: Handler) {
    this.options = options;
    this.next = next;
    this.attempts = options.attempts ?? new Attempts();
    this.algorithms = options.algorithms ?? ['SHA-256'];
    this.qop = options.qop ?? ['auth', 'auth-int'];
  }

  async answer(request: Request, context: Context): Promise<Response> {
    const value = request.headers.get('Authorization');
    if (value === undefined || !/^digest\b/i.test(value)) {
      return this.challenge(context, 'This page is for users who sign in.');
    }
    // Throws what the server answers with 400 and the reason.
    const given = digestCredentials(value, request, this.options.realm, this);
    const now = calendar(context.host.clock);
    const key = `${context.remote.address} ${given.name}`;
    const waitMs = this.attempts.waitMs(key, now);
    if (waitMs > 0) return this.fail(context, given, 'too many attempts', tooMany(waitMs));
    const nonces = this.noncesOf(context);
    const state = nonces.check(given.nonce, now);
    if (state === 'bad') return this.fail(context, given, 'stale nonce');
    const user = this.userOf(given);
    const ha1 = user?.ha1[given.algorithm];
    const body =
      given.qop === 'auth-int' ? await request.body.bytes({ limit: BODY_LIMIT }) : undefined;
    const proof: Proof = {
      ...given,
      ha1: ha1 ?? '',
      method: request.method,
      bodyHash: body && digestHash(given.algorithm, body),
    };
    if (!user || ha1 === undefined || !sameSecret(digestResponse(proof), given.response)) {
      this.attempts.failed(key, now);
      return this.fail(context, given, user ? 'wrong password' : 'unknown user');
    }
    if (state === 'stale') return this.fail(context, given, 'stale nonce');
    if (!nonces.use(given.nonce, Number.parseInt(given.nc, 16))) {
      return this.fail(context, given, 'replay');
    }
    this.attempts.passed(key);
    const proved = body ? withReadBody(request, body) : request;
    identified(proved, { name: user.name, scheme: 'digest' });
    return withProof(await this.next(proved, context), proof);
  }

  /** A right answer to a nonce that is over, or was used, gets another one without new questions to the user. */
  private fail(
    context: Context,
    { name }: DigestCredentials,
    why: AuthFailure['why'],
    response?: Response,
  ): Response {
    const { address } = context.remote;
    this.options.onFailure?.({ name, address, why });
    context.note(`Digest: ${why}`, 'RFC 7616 §3.4');
    const stale = why === 'stale nonce' || why === 'replay';
    const text = stale ? 'The nonce is not good any more.' : 'User and password do not fit.';
    return response ?? this.challenge(context, text, stale);
  }

  private challenge(context: Context, why: string, stale = false): Response {
    const { realm, userhash } = this.options;
    const nonce = this.noncesOf(context).issue(calendar(context.host.clock), (length) =>
      context.host.random.bytes(length),
    );
    const challenges = this.algorithms.map((algorithm) =>
      formatAuthField('Digest', [
        ['realm', realm, 'quoted'],
        ['qop', this.qop.join(', '), 'quoted'],
        ['algorithm', algorithm, 'bare'],
        ['nonce', nonce, 'quoted'],
        ['charset', 'UTF-8', 'bare'],
        ['userhash', userhash ? 'true' : undefined, 'bare'],
        ['stale', stale ? 'true' : undefined, 'bare'],
      ]),
    );
    return unauthorized(challenges, why);
  }

  private userOf({ name, hashed, algorithm }: DigestCredentials): DigestUser | undefined {
    const { users } = this.options;
    return hashed ? users.byHash(name, algorithm) : users.byName(name);
  }

  /** The secret lives as long as the server: after a restart old nonces are unknown, and given anew. */
  private noncesOf({ host }: Context): Nonces {
    this.nonces ??= new Nonces({
      secret: host.random.bytes(SECRET_BYTES),
      ...(this.options.nonceLifetimeMs !== undefined && {
        lifetimeMs: this.options.nonceLifetimeMs,
      }),
    });
    return this.nonces;
  }

  /** What this server offered: credentials must keep to it. */
  offers(algorithm: DigestAlgorithm, qop: Qop): boolean {
    return this.algorithms.includes(algorithm) && this.qop.includes(qop);
  }
}

/** The server proves that it knows the password too (RFC 7616 §3.5). */
function withProof(response: Response, proof: Proof): Response {
  const { qop, nc, cnonce, algorithm } = proof;
  const { body = '' } = response;
  const bytes = typeof body === 'string' ? utf8(body) : body;
  // A body under way has no hash yet, and a proof of another kind than the client's would be none.
  if (qop === 'auth-int' && !(bytes instanceof Uint8Array)) return response;
  const bodyHash = bytes instanceof Uint8Array ? digestHash(algorithm, bytes) : undefined;
  const params: AuthParam[] = [
    ['rspauth', digestResponse({ ...proof, method: '', bodyHash }), 'quoted'],
    ['qop', qop, 'bare'],
    ['cnonce', cnonce, 'quoted'],
    ['nc', nc, 'bare'],
  ];
  const headers = HeaderList.from(response.headers);
  return {
    ...response,
    headers: headers.appended('Authentication-Info', formatAuthParams(params)),
  };
}
