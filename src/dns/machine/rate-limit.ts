/** How many equal answers one network may be sent: against servers being used to flood others. */
import type { Address } from '../../lib/endpoint.ts';
import { parseIPv4, parseIPv6 } from '../address.ts';
import {
  RATE_ACCOUNTS,
  RATE_IPV4_PREFIX,
  RATE_IPV6_PREFIX,
  RATE_PER_SECOND,
  RATE_SLIP,
  RATE_WINDOW_S,
} from '../defaults.ts';

export interface RateLimits {
  /** Equal answers to one network in a second; default 20. */
  readonly perSecond?: number;
  /** Seconds over which the rate is held; default 5. */
  readonly windowS?: number;
  /** Each so-manieth answer over the limit goes out empty with TC; 0: none. Default 2. */
  readonly slip?: number;
  /** Each so-manieth answer over the limit goes out whole; 0: none. Default 0. */
  readonly leak?: number;
  /** Bits of an address that make a network; default 24 and 56. */
  readonly ipv4Prefix?: number;
  readonly ipv6Prefix?: number;
  /** Accounts held; the one used least recently goes first. Default 10,000. */
  readonly accounts?: number;
}

export type RateVerdict = 'send' | 'truncate' | 'drop';

interface Account {
  /** What may still be sent; below zero it has to wait. */
  balance: number;
  at: number;
  over: number;
}

export class RateLimiter {
  private readonly accounts = new Map<string, Account>();
  private readonly limits: Required<RateLimits>;

  constructor(limits: RateLimits = {}) {
    this.limits = {
      perSecond: RATE_PER_SECOND,
      windowS: RATE_WINDOW_S,
      slip: RATE_SLIP,
      leak: 0,
      ipv4Prefix: RATE_IPV4_PREFIX,
      ipv6Prefix: RATE_IPV6_PREFIX,
      accounts: RATE_ACCOUNTS,
      ...limits,
    };
  }

  /** What to do with an answer of this kind to this address; `now` in milliseconds. */
  judge(to: Address, kind: string, now: number): RateVerdict {
    const { perSecond, windowS, slip, leak } = this.limits;
    const account = this.account(`${this.network(to)} ${kind}`, now);
    const earned = ((now - account.at) / 1000) * perSecond;
    account.balance = Math.min(perSecond, account.balance + earned);
    account.at = now;
    // Debt is bounded, so that a flood that has ended is forgotten after the window.
    account.balance = Math.max(account.balance - 1, -perSecond * windowS);
    if (account.balance >= 0) {
      account.over = 0;
      return 'send';
    }
    account.over++;
    if (leak > 0 && account.over % leak === 0) return 'send';
    return slip > 0 && account.over % slip === 0 ? 'truncate' : 'drop';
  }

  private account(key: string, now: number): Account {
    const known = this.accounts.get(key);
    const account = known ?? { balance: this.limits.perSecond, at: now, over: 0 };
    if (known) this.accounts.delete(key);
    this.accounts.set(key, account);
    if (this.accounts.size > this.limits.accounts) {
      for (const oldest of this.accounts.keys()) {
        this.accounts.delete(oldest);
        break;
      }
    }
    return account;
  }

  private network(address: Address): string {
    const { ipv4Prefix, ipv6Prefix } = this.limits;
    const v4 = parseIPv4(address);
    const bytes = v4 ?? parseIPv6(address);
    if (!bytes) return address;
    const prefix = v4 ? ipv4Prefix : ipv6Prefix;
    let text = '';
    for (let bit = 0; bit < prefix; bit += 8) {
      const kept = Math.min(8, prefix - bit);
      text += `${(bytes[bit >> 3] as number) & (0xff << (8 - kept))}.`;
    }
    return text;
  }
}
