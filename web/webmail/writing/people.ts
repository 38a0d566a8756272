/** People that were seen in mail: offered while one types. */
import type { Address, Email } from '../jmap/types.ts';
import { call, emails, mailboxOf } from '../state/data.ts';

let known: readonly Address[] | undefined;

const LOOKED_AT = 300;

/** Those written to and those who wrote lately. */
export async function loadPeople(): Promise<void> {
  if (known) return;
  known = [];
  const sort = [{ property: 'receivedAt', isAscending: false }];
  const sent = mailboxOf('sent')?.id;
  const query = (filter: object) => ({ filter, sort, limit: LOOKED_AT });
  const get = (id: string) => ({
    '#ids': { resultOf: id, name: 'Email/query', path: '/ids' },
    properties: ['from', 'to', 'cc'],
  });
  const [, mine, , others] = (await call([
    ['Email/query', query({ inMailbox: sent }), 's'],
    ['Email/get', get('s')],
    ['Email/query', query({ inMailboxOtherThan: [mailboxOf('junk')?.id ?? ''] }), 'a'],
    ['Email/get', get('a')],
  ])) as [unknown, { list: Email[] }, unknown, { list: Email[] }];
  const people = [
    ...mine.list.flatMap(({ to, cc }) => [...(to ?? []), ...(cc ?? [])]),
    ...others.list.flatMap(({ from, to, cc }) => [...(from ?? []), ...(to ?? []), ...(cc ?? [])]),
  ];
  known = unique(people);
}

/** The best first: whose name or address begins so, then who has it somewhere. */
export function suggest(text: string, without: readonly Address[], most = 6): readonly Address[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const taken = new Set(without.map(({ email }) => email.toLowerCase()));
  const seen = unique([
    ...(known ?? []),
    ...[...emails.values()].flatMap(({ from }) => [...(from ?? [])]),
  ]);
  const scored = seen
    .filter(({ email }) => !taken.has(email.toLowerCase()))
    .map((person) => ({ person, score: score(person, wanted) }))
    .filter(({ score: value }) => value > 0);
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ person }) => person);
}

function score({ name, email }: Address, wanted: string): number {
  const words = (name ?? '').toLowerCase().split(/[\s,]+/);
  if (words.some((word) => word.startsWith(wanted)) || name?.toLowerCase().startsWith(wanted))
    return 3;
  if (email.toLowerCase().startsWith(wanted)) return 2;
  return `${name} ${email}`.toLowerCase().includes(wanted) ? 1 : 0;
}

function unique(people: readonly Address[]): readonly Address[] {
  const byEmail = new Map<string, Address>();
  for (const person of people) {
    const key = person.email.toLowerCase();
    const before = byEmail.get(key);
    if (!before || (before.name === null && person.name !== null)) byEmail.set(key, person);
  }
  return [...byEmail.values()];
}
