/** What CAPA is answered (RFC 2449 §5, §6), and how a client reads it. */
import type { Capabilities } from '../types.ts';

export interface Offer {
  /** USER and PASS may be said. */
  readonly plaintext: boolean;
  /** Empty says nothing of SASL. */
  readonly mechanisms: readonly string[];
  readonly startTls: boolean;
}

/** RFC 2449 §6, RFC 3206 §6, RFC 5034 §3, RFC 2595 §4, RFC 6856 §2: a keyword each. */
export function capabilityLines({ plaintext, mechanisms, startTls }: Offer): string[] {
  return [
    'TOP',
    'UIDL',
    'RESP-CODES',
    'AUTH-RESP-CODE',
    'PIPELINING',
    'EXPIRE NEVER',
    'UTF8 USER',
    ...(startTls ? ['STLS'] : []),
    ...(plaintext ? ['USER'] : []),
    ...(mechanisms.length > 0 ? [`SASL ${mechanisms.join(' ')}`] : []),
    'IMPLEMENTATION toplayer',
  ];
}

export function parseCapabilities(text: string): Capabilities {
  const found = new Map<string, readonly string[]>();
  for (const line of text.split(/\r?\n/)) {
    const [keyword = '', ...parameters] = line.trim().split(/\s+/);
    if (keyword !== '') found.set(keyword.toUpperCase(), parameters);
  }
  return found;
}
