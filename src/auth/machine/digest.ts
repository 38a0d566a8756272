/** The sums of Digest (RFC 7616 §3.4). */
import { md5 } from '@noble/hashes/legacy.js';
import { sha256, sha512_256 } from '@noble/hashes/sha2.js';
import { hex, utf8 } from '../../lib/bytes.ts';
import type { DigestAlgorithm, DigestUser, DigestUsers, Qop } from '../types.ts';

const HASHES: Readonly<Record<DigestAlgorithm, (bytes: Uint8Array) => Uint8Array>> = {
  'SHA-256': sha256,
  'SHA-512-256': sha512_256,
  MD5: md5,
};

export const ALGORITHMS: readonly DigestAlgorithm[] = ['SHA-256', 'SHA-512-256', 'MD5'];

/** H(data) */
export function digestHash(algorithm: DigestAlgorithm, data: string | Uint8Array): string {
  return hex(HASHES[algorithm](typeof data === 'string' ? utf8(data) : data));
}

/** H(A1) of §3.4.2, which stands for the password wherever it is kept. */
export function credentialHash(
  algorithm: DigestAlgorithm,
  name: string,
  realm: string,
  password: string,
): string {
  return digestHash(algorithm, `${name}:${realm}:${password}`);
}

/** §3.4.4 */
export function userHash(algorithm: DigestAlgorithm, name: string, realm: string): string {
  return digestHash(algorithm, `${name}:${realm}`);
}

/** What goes into one proof. */
export interface Proof {
  readonly algorithm: DigestAlgorithm;
  /** The `-sess` variant: H(A1) is mixed with the nonces once. */
  readonly session: boolean;
  readonly ha1: string;
  readonly nonce: string;
  readonly nc: string;
  readonly cnonce: string;
  readonly qop: Qop;
  /** Empty in the answer's proof, `rspauth` (§3.5). */
  readonly method: string;
  readonly uri: string;
  /** H(entity-body), for `auth-int`. */
  readonly bodyHash?: string | undefined;
}

/** §3.4.1 */
export function digestResponse(proof: Proof): string {
  const { algorithm, session, nonce, nc, cnonce, qop, method, uri, bodyHash } = proof;
  const key = session ? digestHash(algorithm, `${proof.ha1}:${nonce}:${cnonce}`) : proof.ha1;
  const a2 = qop === 'auth-int' ? `${method}:${uri}:${bodyHash ?? ''}` : `${method}:${uri}`;
  const data = [nonce, nc, cnonce, qop, digestHash(algorithm, a2)].join(':');
  return digestHash(algorithm, `${key}:${data}`);
}

/** Users of one realm from names and passwords; the passwords are not kept. */
export function digestUsers(
  realm: string,
  passwords: Readonly<Record<string, string>>,
): DigestUsers {
  const users = new Map<string, DigestUser>();
  const hashes = new Map<string, DigestUser>();
  for (const [name, password] of Object.entries(passwords)) {
    const ha1 = Object.fromEntries(
      ALGORITHMS.map((algorithm) => [algorithm, credentialHash(algorithm, name, realm, password)]),
    );
    const user = { name, ha1 };
    users.set(name, user);
    for (const algorithm of ALGORITHMS) {
      hashes.set(`${algorithm} ${userHash(algorithm, name, realm)}`, user);
    }
  }
  return {
    byName: (name) => users.get(name),
    byHash: (hash, algorithm) => hashes.get(`${algorithm} ${hash}`),
  };
}
