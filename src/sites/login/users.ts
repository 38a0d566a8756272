/**
 * The users of the demonstration. Their passwords stand on the page for everybody to try; the site itself keeps only what is
 * derived from them.
 */
import { type DigestUsers, digestUsers, type ProofKeys, proofKeys } from '../../auth/index.ts';
import { fromBase32 } from '../../lib/base32.ts';
import { EMPTY, utf8 } from '../../lib/bytes.ts';
import { PROOF_ITERATIONS } from '../defaults.ts';

export const REALM = 'shop';

export interface DemoUser {
  readonly name: string;
  readonly password: string;
  /** What the user's authenticator holds, in base32. */
  readonly secret: string;
}

export const DEMO_USERS: readonly DemoUser[] = [
  { name: 'alice', password: 'correct horse', secret: 'ORSWCIDGN5ZCAYLMNFRWKIDB' },
  { name: 'bob', password: 'battery staple', secret: 'MNXWMZTFMUQGM33SEBRG6YRB' },
];

/** What the site knows of a user. */
export interface SiteUser {
  readonly name: string;
  readonly keys: ProofKeys;
  readonly totpSecret: Uint8Array;
}

/** The name makes each user's salt another one, and a page can tell it before it knows the user. */
export function saltOf(name: string): string {
  return `${REALM} ${name}`;
}

export interface Users {
  readonly byName: ReadonlyMap<string, SiteUser>;
  readonly digest: DigestUsers;
}

/** Computed at the first sign-in: deriving keys takes a moment. */
export function siteUsers(): Users {
  const users = DEMO_USERS.map(({ name, password, secret }): SiteUser => {
    const keys = proofKeys(password, utf8(saltOf(name)), PROOF_ITERATIONS);
    return { name, keys, totpSecret: fromBase32(secret) ?? EMPTY };
  });
  const passwords = Object.fromEntries(DEMO_USERS.map(({ name, password }) => [name, password]));
  return {
    byName: new Map(users.map((user) => [user.name, user])),
    digest: digestUsers(REALM, passwords),
  };
}
