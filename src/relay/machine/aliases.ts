/** Aliases and simple lists (RFC 5321 §3.9): names here that stand for others. */
import { EXPANSION_DEPTH, EXPANSION_LIMIT } from '../defaults.ts';
import type { Mailbox } from '../types.ts';

/** Names in lower case, `local` of any domain here or `local@domain`, to those that they stand for. */
export type Aliases = ReadonlyMap<string, readonly Mailbox[]>;

export interface Expansion {
  readonly members: readonly Mailbox[];
  /** A name stands for a list where `owner-NAME` is an alias too: its owner hears of failures (§3.9.2). */
  readonly owner: Mailbox | undefined;
}

export function keyOf({ local, domain }: Mailbox): string {
  return `${local.toLowerCase()}@${domain.toLowerCase()}`;
}

/** What an address stands for in the end; undefined where it stands for itself, or for more than it may. */
export function expand(
  address: Mailbox,
  aliases: Aliases,
  isLocal: (domain: string) => boolean,
): Expansion | undefined {
  const found = aliasOf(address, aliases, isLocal);
  if (!found) return undefined;
  const members = new Map<string, Mailbox>();
  const walk = (list: readonly Mailbox[], path: readonly string[]): void => {
    for (const member of list) {
      const key = keyOf(member);
      const inner = path.includes(key) ? undefined : aliasOf(member, aliases, isLocal);
      if (inner && path.length < EXPANSION_DEPTH) walk(inner, [...path, key]);
      else if (members.size < EXPANSION_LIMIT) members.set(key, member);
    }
  };
  walk(found, [keyOf(address)]);
  const owner = { ...address, local: `owner-${address.local}` };
  const isList = aliasOf(owner, aliases, isLocal) !== undefined;
  return { members: [...members.values()], owner: isList ? owner : undefined };
}

function aliasOf(
  address: Mailbox,
  aliases: Aliases,
  isLocal: (domain: string) => boolean,
): readonly Mailbox[] | undefined {
  if (!isLocal(address.domain)) return undefined;
  return aliases.get(keyOf(address)) ?? aliases.get(address.local.toLowerCase());
}
