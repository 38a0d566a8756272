/** Who is it: challenges, credentials, users. */

/** RFC 7616 §3.7. MD5 only where an old peer knows nothing better. */
export type DigestAlgorithm = 'SHA-256' | 'SHA-512-256' | 'MD5';

/** Whether the body is part of what is proved (RFC 7616 §3.3). */
export type Qop = 'auth' | 'auth-int';

/** One challenge, or credentials (RFC 9110 §11.3, §11.4). */
export interface AuthField {
  /** Lower case. */
  readonly scheme: string;
  /** What stands in place of parameters: Basic's base64. */
  readonly token: string | undefined;
  /** By name in lower case, unquoted; text in UTF-8 is decoded. */
  readonly params: ReadonlyMap<string, string>;
}

/** Who asked, once it was proved. */
export interface Identity {
  readonly name: string;
  readonly scheme: 'digest' | 'basic';
}

/** H(user:realm:password) for each algorithm: what a server keeps in place of passwords (RFC 7616 §3.6). */
export interface DigestUser {
  readonly name: string;
  readonly ha1: Readonly<Partial<Record<DigestAlgorithm, string>>>;
}

export interface DigestUsers {
  byName(name: string): DigestUser | undefined;
  /** By H(user:realm), for clients that hide the name (RFC 7616 §3.4.4). */
  byHash(hash: string, algorithm: DigestAlgorithm): DigestUser | undefined;
}

/** Why somebody was not let in. */
export interface AuthFailure {
  readonly name: string | undefined;
  readonly address: string;
  readonly why: 'unknown user' | 'wrong password' | 'stale nonce' | 'replay' | 'too many attempts';
}
