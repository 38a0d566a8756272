/** What a client says in an Authorization field of Digest (RFC 7616 §3.4). */
import { fromUtf8, latin1 } from '../../lib/bytes.ts';
import { badCredentials } from '../errors.ts';
import type { DigestAlgorithm, Qop } from '../types.ts';
import { parseCredentials } from './auth-field.ts';
import { fromExtendedValue } from './extended-value.ts';

export interface DigestCredentials extends NamedAlgorithm {
  /** The user's name, or H(user:realm). */
  readonly name: string;
  readonly hashed: boolean;
  readonly nonce: string;
  readonly nc: string;
  readonly cnonce: string;
  readonly qop: Qop;
  readonly uri: string;
  readonly response: string;
}

/** What the server had offered. */
export interface Offer {
  offers(algorithm: DigestAlgorithm, qop: Qop): boolean;
}

export interface NamedAlgorithm {
  readonly algorithm: DigestAlgorithm;
  /** The `-sess` variant. */
  readonly session: boolean;
}

/** `SHA-256-sess` and its like; undefined for what we don't know. No name means MD5 (§3.3). */
export function algorithmNamed(name = 'MD5'): NamedAlgorithm | undefined {
  const session = /-sess$/i.test(name);
  const plain = (session ? name.slice(0, -5) : name).toUpperCase();
  if (plain !== 'SHA-256' && plain !== 'SHA-512-256' && plain !== 'MD5') return undefined;
  return { algorithm: plain, session };
}

/** Throws a ProtocolError with reply 400 for what is missing, improper, or for another request. */
export function digestCredentials(
  value: string,
  request: { readonly target: string },
  realm: string,
  offer: Offer,
): DigestCredentials {
  const params = parseCredentials(value)?.params;
  if (!params) throw bad('the Authorization field can not be read');
  const needed = (name: string): string => {
    const found = params.get(name);
    if (found === undefined) throw bad(`${name} is missing`);
    return found;
  };
  const named = algorithmNamed(params.get('algorithm'));
  if (!named) throw bad(`the algorithm ${params.get('algorithm')} is not known`);
  const qop = needed('qop');
  if (qop !== 'auth' && qop !== 'auth-int') throw bad(`qop=${qop} is not known`);
  if (!offer.offers(named.algorithm, qop))
    throw bad(`${named.algorithm} with qop=${qop} was not offered`);
  if (needed('realm') !== realm) throw bad('the realm is another one');
  const uri = needed('uri');
  // A request line that somebody changed on the way (§3.4.6).
  if (uri !== asText(request.target)) throw bad('uri is not what the request asks for', '§3.4.6');
  const nc = needed('nc');
  if (!/^[0-9a-f]{8}$/i.test(nc) || /^0+$/.test(nc)) throw bad('nc is not a count of 8 digits');
  const response = needed('response').toLowerCase();
  if (!/^[0-9a-f]{32,64}$/.test(response)) throw bad('response is no digest');
  const [nonce, cnonce] = [needed('nonce'), needed('cnonce')];
  return { ...nameOf(params), ...named, nonce, nc, cnonce, qop, uri, response };
}

/** One of username and username*, which is never hashed (§3.4). */
function nameOf(params: ReadonlyMap<string, string>): { name: string; hashed: boolean } {
  const [plain, extended] = [params.get('username'), params.get('username*')];
  const hashed = params.get('userhash')?.toLowerCase() === 'true';
  if ((plain === undefined) === (extended === undefined)) {
    throw bad('one of username and username* is needed, and not both');
  }
  if (plain !== undefined) return { name: hashed ? plain.toLowerCase() : plain, hashed };
  const name = fromExtendedValue(extended ?? '');
  if (name === undefined || hashed) throw bad('username* is not as RFC 5987 has it');
  return { name, hashed };
}

function asText(target: string): string {
  return fromUtf8(latin1(target));
}

function bad(message: string, section = '§3.4'): Error {
  return badCredentials(message, `RFC 7616 ${section}`);
}
