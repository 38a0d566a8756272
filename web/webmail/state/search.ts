/** What a person types to search, as a filter: `from:ann subject:"the plan" has:attachment -is:read before:2026-11-01`. */
import type { Filter } from '../jmap/types.ts';

/** Names of mailboxes to their ids. */
export type FindMailbox = (name: string) => string | undefined;

type Maker = (value: string, find: FindMailbox) => Filter | undefined;

const FIELDS = ['from', 'to', 'cc', 'bcc', 'subject', 'body'];

const IS: Readonly<Record<string, Filter>> = {
  unread: { notKeyword: '$seen' },
  read: { hasKeyword: '$seen' },
  starred: { hasKeyword: '$flagged' },
  flagged: { hasKeyword: '$flagged' },
  answered: { hasKeyword: '$answered' },
  draft: { hasKeyword: '$draft' },
};

const OPERATORS: Readonly<Record<string, Maker>> = {
  ...Object.fromEntries(
    FIELDS.map((name): [string, Maker] => [name, (value) => ({ [name]: value })]),
  ),
  is: (value) => IS[value.toLowerCase()],
  has: (value) => (/^attachments?$/i.test(value) ? { hasAttachment: true } : undefined),
  before: (value) => dated('before', value),
  after: (value) => dated('after', value),
  larger: (value) => sized('minSize', value),
  smaller: (value) => sized('maxSize', value),
  in: (value, find) => {
    const inMailbox = find(value);
    return inMailbox === undefined ? undefined : { inMailbox };
  },
};

/** Empty without anything to look for. What is no operator is a word. */
export function parseSearch(text: string, find: FindMailbox = () => undefined): Filter {
  const conditions: Filter[] = [];
  const words: string[] = [];
  for (const match of text.matchAll(/(-?)(?:(\w+):)?("[^"]*"?|\S+)/g)) {
    const [whole, minus, name = '', given = ''] = match;
    const value = given.replace(/^"|"$/g, '');
    const phrase = given.startsWith('"') ? `"${value}"` : value;
    const made = conditionOf(name.toLowerCase(), value, phrase, find);
    const word = name === '' ? phrase : whole;
    if (made) conditions.push(minus ? not(made) : made);
    else if (minus && name === '' && value !== '') conditions.push(not({ text: phrase }));
    else words.push(word);
  }
  if (words.length > 0) conditions.unshift({ text: words.join(' ') });
  const [first = {}] = conditions;
  return conditions.length > 1 ? { operator: 'AND', conditions } : first;
}

function conditionOf(
  name: string,
  value: string,
  phrase: string,
  find: FindMailbox,
): Filter | undefined {
  const make = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  return make?.(FIELDS.includes(name) ? phrase : value, find);
}

function not(filter: Filter): Filter {
  return { operator: 'NOT', conditions: [filter] };
}

function dated(name: string, value: string): Filter | undefined {
  const [whole] = /^\d{4}-\d\d-\d\d$/.exec(value) ?? [];
  const at = new Date(`${whole}T00:00:00`);
  return Number.isNaN(at.getTime()) ? undefined : { [name]: at.toISOString().replace('.000', '') };
}

function sized(name: string, value: string): Filter | undefined {
  const [, digits, unit = ''] = /^(\d+)([km]?)b?$/i.exec(value) ?? [];
  if (digits === undefined) return undefined;
  const factor = { '': 1, k: 1_000, m: 1_000_000 }[unit.toLowerCase()] ?? 1;
  return { [name]: Number(digits) * factor };
}
