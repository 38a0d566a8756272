/** Dates, sizes and names as a person reads them. */
import type { Address } from '../jmap/types.ts';

const DAY_MS = 86_400_000;
const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const dayOfYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const whole = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

/** As short as it is clear: `14:02`, `Tue`, `3 Nov`, `3 Nov 2025`. */
export function shortDate(text: string, now: Date = new Date()): string {
  const date = new Date(text);
  if (date.toDateString() === now.toDateString()) return time.format(date);
  const age = now.getTime() - date.getTime();
  if (age > 0 && age < 6 * DAY_MS) return weekday.format(date);
  return date.getFullYear() === now.getFullYear() ? dayOfYear.format(date) : day.format(date);
}

export function longDate(text: string): string {
  return whole.format(new Date(text));
}

export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** What people are called: their name, or what stands before the @. */
export function personName({ name, email }: Address): string {
  return name?.trim() || email.split('@')[0] || email;
}

export function firstName(address: Address): string {
  const name = personName(address);
  if (name.includes(',')) return name.split(',')[0] ?? name;
  return name.split(' ')[0] ?? name;
}

export function addressLine({ name, email }: Address): string {
  if (!name) return email;
  return `${/^[\w .'\u00a0-\uffff-]*$/.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`} <${email}>`;
}

export function initials(address: Address): string {
  const words = personName(address)
    .split(/[\s.,_-]+/)
    .filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const [first, ...rest] = words;
  const last = rest.at(-1);
  return `${[...(first ?? '?')][0] ?? '?'}${last ? [...last][0] : ''}`.toUpperCase();
}

const HUES = 12;

/** The same for the same person. */
export function hueOf({ email }: Address): number {
  let sum = 0;
  for (const char of email.toLowerCase()) sum = (sum * 31 + char.charCodeAt(0)) % 9_973;
  return sum % HUES;
}
