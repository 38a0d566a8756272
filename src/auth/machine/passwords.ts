/** Passwords as they are kept: scrypt with a salt (RFC 7914), in the PHC form `$scrypt$ln=13,r=8,p=1$salt$hash`. */
import { scrypt } from '@noble/hashes/scrypt.js';
import { base64, fromBase64 } from '../../lib/base64.ts';
import { utf8 } from '../../lib/bytes.ts';
import { UsageError } from '../../lib/errors.ts';
import { PASSWORD_LIMIT, SCRYPT_COST, SCRYPT_COST_LIMIT } from '../defaults.ts';
import { sameBytes } from './compare.ts';

const [BLOCK, LANES, LENGTH, SALT] = [8, 1, 32, 16];

/** `luck` are random bytes of the host. */
export function hashPassword(
  password: string,
  luck: (length: number) => Uint8Array,
  cost: number = SCRYPT_COST,
): string {
  if (password === '' || password.length > PASSWORD_LIMIT) {
    throw new UsageError(`a password has 1 to ${PASSWORD_LIMIT} characters`);
  }
  const salt = luck(SALT);
  const hash = derive(password, salt, cost);
  return `$scrypt$ln=${cost},r=${BLOCK},p=${LANES}$${unpadded(salt)}$${unpadded(hash)}`;
}

/** False too for what is stored in another form. */
export function verifyPassword(stored: string, password: string): boolean {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=8,p=1\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(stored);
  const [, ln, saltText = '', hashText = ''] = match ?? [];
  const [salt, hash] = [padded(saltText), padded(hashText)];
  const cost = Number(ln);
  if (!salt || hash?.length !== LENGTH || password.length > PASSWORD_LIMIT) return false;
  if (!(cost >= 1 && cost <= SCRYPT_COST_LIMIT)) return false;
  return sameBytes(derive(password, salt, cost), hash);
}

/** One person types ä as one character, another as two: both mean the same (RFC 8265 §4.2.2). */
function derive(password: string, salt: Uint8Array, cost: number): Uint8Array {
  const options = { N: 2 ** cost, r: BLOCK, p: LANES, dkLen: LENGTH };
  return scrypt(utf8(password.normalize('NFC')), salt, options);
}

function unpadded(bytes: Uint8Array): string {
  return base64(bytes).replace(/=+$/, '');
}

function padded(text: string): Uint8Array | undefined {
  return text === '' ? undefined : fromBase64(text + '='.repeat((4 - (text.length % 4)) % 4));
}
