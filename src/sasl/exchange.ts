/** Which mechanisms there are, and the two sides of each. */
import { sameSecret, scramKeys } from '../auth/index.ts';
import { SALT_BYTES, SCRAM_ITERATIONS } from './defaults.ts';
import { cramClient, cramServer } from './mechanisms/cram-md5.ts';
import { loginClient, loginServer } from './mechanisms/login.ts';
import { plainClient, plainServer } from './mechanisms/plain.ts';
import { scramClient, scramServer } from './mechanisms/scram.ts';
import { prepare } from './prepare.ts';
import type {
  Mechanism,
  SaslClient,
  SaslCredentials,
  SaslServer,
  SaslSetting,
  SaslUsers,
} from './types.ts';

/** The best first. */
export const MECHANISMS: readonly Mechanism[] = ['SCRAM-SHA-256', 'CRAM-MD5', 'PLAIN', 'LOGIN'];

/** Those that show the password to who listens. */
export function isPlaintext(mechanism: Mechanism): boolean {
  return mechanism === 'PLAIN' || mechanism === 'LOGIN';
}

/** What a server can offer with what it knows; passwords in clear only on a secure connection (RFC 4954 §4). */
export function offered(users: SaslUsers, isSecure: boolean): Mechanism[] {
  return MECHANISMS.filter((mechanism) => {
    if (mechanism === 'SCRAM-SHA-256') return users.scramKeys !== undefined;
    if (mechanism === 'CRAM-MD5') return users.password !== undefined;
    return isSecure && users.verify !== undefined;
  });
}

const SERVERS: Readonly<Record<Mechanism, (setting: SaslSetting) => SaslServer>> = {
  'SCRAM-SHA-256': scramServer,
  'CRAM-MD5': cramServer,
  PLAIN: plainServer,
  LOGIN: loginServer,
};

export function saslServer(mechanism: Mechanism, setting: SaslSetting): SaslServer {
  return SERVERS[mechanism](setting);
}

type MakeClient = (
  credentials: SaslCredentials,
  luck: (length: number) => Uint8Array,
) => SaslClient;

const CLIENTS: Readonly<Record<Mechanism, MakeClient>> = {
  'SCRAM-SHA-256': scramClient,
  'CRAM-MD5': cramClient,
  PLAIN: plainClient,
  LOGIN: loginClient,
};

/** `luck` gives random bytes. */
export function saslClient(
  mechanism: Mechanism,
  credentials: SaslCredentials,
  luck: (length: number) => Uint8Array,
): SaslClient {
  return CLIENTS[mechanism](credentials, luck);
}

/** The best of those that a server offers; in clear only where the connection is secure or it is allowed. */
export function bestMechanism(
  offers: readonly string[],
  allowPlaintext: boolean,
): Mechanism | undefined {
  return MECHANISMS.find(
    (mechanism) => offers.includes(mechanism) && (allowPlaintext || !isPlaintext(mechanism)),
  );
}

/** Users in memory, for tests and the class: all mechanisms. */
export function saslUsers(
  passwords: Readonly<Record<string, string>>,
  luck: (length: number) => Uint8Array,
): Required<SaslUsers> {
  const known = new Map<string, string>();
  for (const [user, password] of Object.entries(passwords)) {
    known.set(prepare(user) ?? user, prepare(password) ?? password);
  }
  const keys = new Map<string, ReturnType<typeof scramKeys>>();
  return {
    verify: (user, password) => sameSecret(known.get(user) ?? '', password) && known.has(user),
    password: (user) => known.get(user),
    scramKeys(user) {
      const password = known.get(user);
      if (password === undefined) return undefined;
      const made = keys.get(user) ?? scramKeys(password, luck(SALT_BYTES), SCRAM_ITERATIONS);
      keys.set(user, made);
      return made;
    },
  };
}
