/** Codes that are good once: HOTP (RFC 4226) and, by the clock, TOTP (RFC 6238). */
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { base32 } from '../../lib/base32.ts';
import { UsageError } from '../../lib/errors.ts';
import { HOTP_LOOK_AHEAD, TOTP_DIGITS, TOTP_PERIOD, TOTP_WINDOW } from '../defaults.ts';
import { sameSecret } from './compare.ts';

export interface OneTimeOptions {
  /** Default: SHA-1, which is what authenticators assume; HMAC does not suffer from its weakness. */
  readonly algorithm?: 'SHA1' | 'SHA256' | 'SHA512';
  /** 6 to 8; default: 6. */
  readonly digits?: number;
}

export interface TotpOptions extends OneTimeOptions {
  /** Seconds of a step. */
  readonly period?: number;
}

/** RFC 4226 §5.3: the code of a counter. */
export function hotp(secret: Uint8Array, counter: number, options: OneTimeOptions = {}): string {
  const { algorithm = 'SHA1', digits = TOTP_DIGITS } = options;
  if (digits < 6 || digits > 8) throw new UsageError(`a code has 6 to 8 digits, not ${digits}`);
  const moving = new Uint8Array(8);
  for (let at = 7, rest = counter; at >= 0; at--, rest = Math.floor(rest / 256))
    moving[at] = rest % 256;
  const mac = macOf(algorithm, secret, moving);
  const offset = (mac[mac.length - 1] as number) & 0x0f;
  const [a, b, c, d] = mac.subarray(offset, offset + 4) as unknown as [
    number,
    number,
    number,
    number,
  ];
  const number = ((a & 0x7f) << 24) | (b << 16) | (c << 8) | d;
  return String(number % 10 ** digits).padStart(digits, '0');
}

function macOf(
  algorithm: NonNullable<OneTimeOptions['algorithm']>,
  secret: Uint8Array,
  data: Uint8Array,
): Uint8Array {
  if (algorithm === 'SHA256') return hmac(sha256, secret, data);
  return algorithm === 'SHA512' ? hmac(sha512, secret, data) : hmac(sha1, secret, data);
}

/** RFC 4226 §7.4: the counter after the one that the code belongs to, to be kept; undefined for a wrong code. */
export function checkHotp(
  secret: Uint8Array,
  code: string,
  counter: number,
  options: OneTimeOptions & { readonly lookAhead?: number } = {},
): number | undefined {
  const { lookAhead = HOTP_LOOK_AHEAD } = options;
  for (let ahead = 0; ahead <= lookAhead; ahead++) {
    if (sameSecret(hotp(secret, counter + ahead, options), code)) return counter + ahead + 1;
  }
  return undefined;
}

/** RFC 6238 §4.2: the step that a time (in ms since 1970) is in. */
export function totpStep(ms: number, { period = TOTP_PERIOD }: TotpOptions = {}): number {
  return Math.floor(ms / 1000 / period);
}

/** The code of a moment. */
export function totp(secret: Uint8Array, ms: number, options: TotpOptions = {}): string {
  return hotp(secret, totpStep(ms, options), options);
}

/**
 * The step of a code that is right now, or was or will be within the window; undefined for a wrong one. Steps up to
 * `after` were used before and are refused (RFC 6238 §5.2): keep the step that is returned.
 */
export function checkTotp(
  secret: Uint8Array,
  code: string,
  ms: number,
  options: TotpOptions & { readonly window?: number; readonly after?: number | undefined } = {},
): number | undefined {
  const { window = TOTP_WINDOW, after = -1 } = options;
  const now = totpStep(ms, options);
  for (let step = Math.max(after + 1, now - window); step <= now + window; step++) {
    if (sameSecret(hotp(secret, step, options), code)) return step;
  }
  return undefined;
}

/** `otpauth://totp/...`: what an authenticator reads from a QR code. */
export function otpauthUri(
  { issuer, account, secret }: { issuer: string; account: string; secret: Uint8Array },
  { algorithm = 'SHA1', digits = TOTP_DIGITS, period = TOTP_PERIOD }: TotpOptions = {},
): string {
  const [maker, user] = [encodeURIComponent(issuer), encodeURIComponent(account)];
  const label = `${maker}:${user}`;
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${maker}&algorithm=${algorithm}&digits=${digits}&period=${period}`;
}
