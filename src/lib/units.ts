/** Quantities as people write them in scenarios and on the command line. */

const DURATIONS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const RATES: Readonly<Record<string, number>> = {
  'bit/s': 1,
  'kbit/s': 1e3,
  'Mbit/s': 1e6,
  'Gbit/s': 1e9,
};

function quantity(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-zA-Z/%]+)\s*$/.exec(text);
  const unit = units[match?.[2] ?? ''];
  return match && unit !== undefined ? Number(match[1]) * unit : undefined;
}

/** `20 ms`, `1.5 s`, `2 min`, `1 h`, `1 d` in milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  return quantity(text, DURATIONS);
}

/** `10 Mbit/s` and its like in bits a second; undefined for anything else. */
export function parseRate(text: string): number | undefined {
  return quantity(text, RATES);
}

/** `5 %` as 0.05; undefined for anything that is not between 0 % and 100 %. */
export function parseShare(text: string): number | undefined {
  const percent = quantity(text, { '%': 1 });
  return percent !== undefined && percent <= 100 ? percent / 100 : undefined;
}

const SIZES: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** `64M`, `512k`, `1.5 GB`, `4096`: bytes, in powers of 1,024; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(?:([kmg])(?:i?b)?|b)?\s*$/i.exec(text);
  if (!match) return undefined;
  return Math.round(Number(match[1]) * (SIZES[match[2]?.toLowerCase() ?? ''] ?? 1));
}

/** A number of bytes for people: `318 B`, `1,204 B`, `20 kB`, `3.1 MB`. */
export function bytesText(count: number): string {
  if (count < 10_000) return `${String(count).replace(/(\d)(\d{3})$/, '$1,$2')} B`;
  if (count < 1e6) return `${Math.round(count / 1000)} kB`;
  return `${(count / 1e6).toFixed(1)} MB`;
}
