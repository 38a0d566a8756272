/** Flags (RFC 9051 §2.3.2). */
import { badArgument } from '../errors.ts';

export const SYSTEM_FLAGS: readonly string[] = [
  '\\Answered',
  '\\Flagged',
  '\\Deleted',
  '\\Seen',
  '\\Draft',
];

const BY_LOWER = new Map(SYSTEM_FLAGS.map((flag) => [flag.toLowerCase(), flag]));

/** Flags that a client wants to set: system flags as the standard writes them, `\Recent` left out. Throws ImapError. */
export function settableFlags(flags: readonly string[]): string[] {
  const known: string[] = [];
  for (const flag of flags) {
    if (!flag.startsWith('\\')) known.push(flag);
    else {
      const system = BY_LOWER.get(flag.toLowerCase());
      if (system) known.push(system);
      // RFC 3501 §2.3.2: nobody but the server changes it.
      else if (flag.toLowerCase() !== '\\recent') throw badArgument(`There is no flag ${flag}`);
    }
  }
  return [...new Set(known)];
}

/** Keywords match whatever their case. */
export function hasFlag(flags: readonly string[], wanted: string): boolean {
  if (flags.includes(wanted)) return true;
  const lower = wanted.toLowerCase();
  return flags.some((flag) => flag.toLowerCase() === lower);
}
