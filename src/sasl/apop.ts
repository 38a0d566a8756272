/** APOP of POP3 (RFC 1939 §7): no mechanism of SASL, but a proof of the same kind. */
import { md5 } from '@noble/hashes/legacy.js';
import { hex, utf8 } from '../lib/bytes.ts';
import { prepare } from './prepare.ts';

/** The digest of a greeting's timestamp, with its brackets, and a password (prepared: RFC 6856 §2.2). */
export function apopDigest(timestamp: string, password: string): string {
  return hex(md5(utf8(timestamp + (prepare(password) ?? password))));
}
