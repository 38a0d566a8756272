/** Who may sign in, and how it is found out. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import {
  hashPassword,
  type ScramKeys,
  sameBytes,
  sameSecret,
  scramKeys,
  verifyPassword,
} from '../../auth/index.ts';
import { utf8 } from '../../lib/bytes.ts';
import { type Clock, type Host, type Random, sleep } from '../../net/index.ts';
import { prepare, SALT_BYTES, type SaslUsers, SCRAM_ITERATIONS } from '../../sasl/index.ts';
import { mailError } from '../errors.ts';
import type { Secrets } from '../types.ts';
import type { AccountState } from './store-state.ts';

/** What is kept of a password. Throws MAIL_BAD_NAME for one that can't be. */
export function secretsOf(password: string, keep: boolean, random: Random): Secrets {
  const prepared = prepare(password);
  if (!prepared) throw mailError('MAIL_BAD_NAME', 'That is no password', { spec: 'RFC 8265 §4.2' });
  if (keep) return { scrypt: undefined, scram: undefined, plain: prepared };
  const luck = (length: number): Uint8Array => random.bytes(length);
  const scram = scramKeys(prepared, luck(SALT_BYTES), SCRAM_ITERATIONS);
  return { scrypt: hashPassword(prepared, luck), scram, plain: undefined };
}

/** Signs in by login name, or by an address of the account. */
export class MailUsers implements SaslUsers {
  private readonly find: (user: string) => AccountState | undefined;
  private readonly key: Uint8Array;
  private readonly salt: Uint8Array;
  /** Of accounts that keep the password itself. */
  private readonly made = new Map<string, ScramKeys>();
  /** What proved right before: scrypt takes 50 ms, and programs sign in all day. */
  private readonly proved = new Map<number, { readonly of: string; readonly mac: Uint8Array }>();
  private readonly clock: Clock;
  private readonly random: Random;
  /** Of nobody: a name that is none takes as long as others. */
  private decoy: string | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    find: (user: string) => AccountState | undefined,
    { clock, random }: Pick<Host, 'clock' | 'random'>,
  ) {
    this.find = find;
    this.clock = clock;
    this.random = random;
    this.key = random.bytes(32);
    this.salt = random.bytes(SALT_BYTES);
  }

  verify(user: string, password: string): boolean | Promise<boolean> {
    const account = this.find(user)?.stored;
    const { plain, scrypt } = account?.secrets ?? {};
    if (plain !== undefined) return sameSecret(plain, password);
    if (!account || scrypt === undefined) return this.inTurn(() => this.disguise(password));
    const mac = hmac(sha256, this.key, utf8(password));
    const isProved = (): boolean => {
      const before = this.proved.get(account.id);
      return before?.of === scrypt && sameBytes(before.mac, mac);
    };
    if (isProved()) return true;
    return this.inTurn(() => {
      if (isProved()) return true;
      if (!verifyPassword(scrypt, password)) return false;
      this.proved.set(account.id, { of: scrypt, mac });
      return true;
    });
  }

  private disguise(password: string): false {
    this.decoy ??= hashPassword('nobody', (length) => this.random.bytes(length));
    verifyPassword(this.decoy, password);
    return false;
  }

  /** One proof after the other, with a turn for everybody else between: thousands that guess must not stop the server. */
  private inTurn(prove: () => boolean): Promise<boolean> {
    const proof = this.last.then(() => sleep(this.clock, 0)).then(prove);
    this.last = proof.catch(() => {});
    return proof;
  }

  scramKeys(user: string): ScramKeys | undefined {
    const { plain, scram } = this.find(user)?.stored.secrets ?? {};
    if (plain === undefined) return scram;
    const made = this.made.get(plain) ?? scramKeys(plain, this.salt, SCRAM_ITERATIONS);
    this.made.set(plain, made);
    return made;
  }

  /** Only of accounts that keep it. */
  password(user: string): string | undefined {
    return this.find(user)?.stored.secrets?.plain;
  }
}
