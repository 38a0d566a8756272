/** Flags of messages (RFC 9051 §2.3.2): system flags and keywords, compared without case. */
import { KEYWORD_LENGTH, KEYWORDS_LIMIT } from '../defaults.ts';
import { mailError, overLimit } from '../errors.ts';
import type { FlagChange, Flags } from '../types.ts';

export const SYSTEM_FLAGS: Flags = ['\\Answered', '\\Deleted', '\\Draft', '\\Flagged', '\\Seen'];

const KNOWN = new Map(SYSTEM_FLAGS.map((flag) => [flag.toLowerCase(), flag]));
const ATOM = /^[^\0-\x20"\\()*%{}\]\x7f-\u{10ffff}]+$/u;

/** Sets that were seen, so that messages with the same flags share one. */
const shared = new Map<string, Flags>();

/** Sorted, each once. Throws MAIL_BAD_NAME, or LimitError MAIL_LIMIT. */
export function flagSet(flags: readonly string[]): Flags {
  const set = new Map<string, string>();
  for (const flag of flags) {
    const right = checked(flag);
    if (!set.has(right.toLowerCase())) set.set(right.toLowerCase(), right);
  }
  if (set.size > KEYWORDS_LIMIT) throw overLimit('A message has too many flags', KEYWORDS_LIMIT);
  return share([...set.values()].sort());
}

/** The flags of a text that `flagsText` made. */
export function parseFlags(text: string): Flags {
  return shared.get(text) ?? share(text === '' ? [] : text.split(' '));
}

export function flagsText(flags: Flags): string {
  return flags.join(' ');
}

export function changedFlags(before: Flags, how: FlagChange, flags: Flags): Flags {
  if (how === 'set') return flags;
  const named = new Set(flags.map((flag) => flag.toLowerCase()));
  const rest = before.filter((flag) => !named.has(flag.toLowerCase()));
  if (how === 'remove') return rest.length === before.length ? before : flagSet(rest);
  // A keyword keeps the case in which it was first given.
  return named.size + rest.length === before.length ? before : flagSet([...before, ...flags]);
}

function checked(flag: string): string {
  const known = KNOWN.get(flag.toLowerCase());
  if (known !== undefined) return known;
  if (flag.length > KEYWORD_LENGTH || !ATOM.test(flag)) {
    throw mailError('MAIL_BAD_NAME', `${flag} is no flag: keywords are atoms`, {
      spec: 'RFC 9051 §2.3.2',
    });
  }
  return flag;
}

function share(flags: Flags): Flags {
  const key = flagsText(flags);
  const known = shared.get(key);
  if (known) return known;
  if (shared.size >= 10_000) shared.clear();
  shared.set(key, flags);
  return flags;
}
