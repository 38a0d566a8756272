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

/** What a server keeps that proves itself too. */
export interface ScramKeys extends ProofKeys {
  /** With it anybody can pass for the server, but not for the user. */
  readonly serverKey: Uint8Array;
}

export function scramKeys(password: string, salt: Uint8Array, iterations: number): ScramKeys {
  const salted = saltedPassword(password, salt, iterations);
  const storedKey = sha256(hmac(sha256, salted, CLIENT_KEY));
  return { salt, iterations, storedKey, serverKey: hmac(sha256, salted, SERVER_KEY) };
}

/** The server's proof about the same message. */
export function serverSignature(serverKey: Uint8Array, message: string): Uint8Array {
  return hmac(sha256, serverKey, utf8(message));
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

const CLIENT_KEY = utf8('Client Key');
const SERVER_KEY = utf8('Server Key');

function clientKey(password: string, salt: Uint8Array, iterations: number): Uint8Array {
  return hmac(sha256, saltedPassword(password, salt, iterations), CLIENT_KEY);
}

function saltedPassword(password: string, salt: Uint8Array, iterations: number): Uint8Array {
  const secret = utf8(password.normalize('NFC'));
  return pbkdf2(sha256, secret, salt, { c: iterations, dkLen: 32 });
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, at) => byte ^ (b[at] ?? 0));
}
