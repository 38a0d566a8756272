/** Readers of option values, with errors that say what was expected. */
import { InvalidArgumentError } from 'commander';
import { parseDuration, parseSize } from '../lib/units.ts';

/** A whole number from `least` to `most`. */
export function whole(
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}.`);
  };
}

export const port: (text: string) => number = whole(0, 65_535);

/** Seconds, with or without a fraction, in ms: `1`, `0.2`; or a duration with its unit: `200 ms`. */
export function seconds(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : parseDuration(text);
  if (value !== undefined) return value;
  throw new InvalidArgumentError('expected seconds such as 0.2, or a duration such as "200 ms".');
}

/** Milliseconds without a unit, or a duration. */
export function milliseconds(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : parseDuration(text);
  if (value !== undefined) return value;
  throw new InvalidArgumentError('expected milliseconds such as 100, or a duration such as "1 s".');
}

/** Bytes, with a unit or without. */
export function size(text: string): number {
  const value = parseSize(text);
  if (value !== undefined && value > 0) return value;
  throw new InvalidArgumentError('expected a size such as 64M, 512k or 4096.');
}

/** How a connection of mail is made secure; plain `--tls` is `starttls`. */
export type Tls = 'starttls' | 'opportunistic' | 'implicit';

export function tls(text: string): Tls {
  if (text === 'starttls' || text === 'opportunistic' || text === 'implicit') return text;
  throw new InvalidArgumentError('expected starttls, opportunistic or implicit.');
}

export function credentials(text: string): { user: string; password: string } {
  const [, user, password] = /^([^:]+):(.*)$/s.exec(text) ?? [];
  if (user !== undefined && password !== undefined) return { user, password };
  throw new InvalidArgumentError('expected a name and a password, such as alice:tea.');
}
