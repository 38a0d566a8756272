/**
 * The sums of SCRAM (RFC 5802 §3, with SHA-256 by RFC 7677): who knows the password proves it about a
 * challenge, and the server keeps nothing with which anybody could do the same.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8 } from '../../lib/bytes.ts';
import { sameBytes } from './compare.ts';

/** What a server keeps of a password. */
export interface ProofKeys {
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** H(ClientKey): enough to check a proof, not to make one. */
  readonly storedKey: Uint8Array;
}

export function proofKeys(password: string, salt: Uint8Array, iterations: number): ProofKeys {
  return { salt, iterations, storedKey: sha256(clientKey(password, salt, iterations)) };
}

/** The client's side: ClientKey XOR HMAC(StoredKey, message). */
export function makeProof(
  password: string,
  { salt, iterations }: Pick<ProofKeys, 'salt' | 'iterations'>,
  message: string,
): Uint8Array {
  const key = clientKey(password, salt, iterations);
  return xor(key, hmac(sha256, sha256(key), utf8(message)));
}

/** Whether the proof is about this message, by somebody who knows the password. */
export function checkProof({ storedKey }: ProofKeys, message: string, proof: Uint8Array): boolean {
  if (proof.length !== storedKey.length) return false;
  return sameBytes(sha256(xor(proof, hmac(sha256, storedKey, utf8(message)))), storedKey);
}

function clientKey(password: string, salt: Uint8Array, iterations: number): Uint8Array {
  const salted = pbkdf2(sha256, utf8(password.normalize('NFC')), salt, {
    c: iterations,
    dkLen: 32,
  });
  return hmac(sha256, salted, utf8('Client Key'));
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, at) => byte ^ (b[at] ?? 0));
}
