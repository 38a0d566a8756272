/** Filters of messages (RFC 8621 §4.4.1): what costs nothing is asked first, whole messages are read last. */
import { type Facts, INDEXED_TEXT, type MessageEntry, type Person } from '../../mail/index.ts';
import { decodeWords, fieldValue, type Message } from '../../mime/index.ts';
import type { EmailCondition, Filter } from '../types.ts';
import { flagOf } from '../wire/keywords.ts';
import { idNumber } from './ids.ts';
import { htmlText } from './plain-text.ts';
import { comparable, hasAll, searchTokens } from './search-text.ts';

/** Where a filter looks. */
export interface MatchSource {
  facts(content: number): Facts | undefined;
  /** Undefined where it is gone. */
  message(content: number): Message | undefined;
  /** Contents that may hold a word; undefined: any may. */
  candidates(text: string): ReadonlySet<number> | undefined;
  thread(id: number): readonly MessageEntry[];
}

type Test = (entry: MessageEntry) => boolean;

/** 0 asks the entry, 1 what is known of the message, 2 its bytes. */
export interface Stage {
  readonly cost: 0 | 1 | 2;
  readonly test: Test;
}

/** All of them must hold; the cheapest first. */
export function stagesOf(
  filter: Filter<EmailCondition> | undefined,
  source: MatchSource,
): readonly Stage[] {
  if (!filter) return [];
  return stages(filter, source).sort((a, b) => a.cost - b.cost);
}

function stages(filter: Filter<EmailCondition>, source: MatchSource): Stage[] {
  if ('condition' in filter) return conditionStages(filter.condition, source);
  const inner = filter.conditions.map((one) => stages(one, source));
  if (filter.operator === 'AND') return inner.flat();
  const all = inner.map((some): Stage => {
    const sorted = some.sort((a, b) => a.cost - b.cost);
    return {
      cost: sorted.at(-1)?.cost ?? 0,
      test: (entry) => sorted.every(({ test }) => test(entry)),
    };
  });
  all.sort((a, b) => a.cost - b.cost);
  const some: Test = (entry) => all.some(({ test }) => test(entry));
  const test: Test = filter.operator === 'OR' ? some : (entry) => !some(entry);
  return [{ cost: all.at(-1)?.cost ?? 0, test }];
}

function conditionStages(condition: EmailCondition, source: MatchSource): Stage[] {
  const names = Object.keys(condition) as (keyof EmailCondition)[];
  return names.map((name) => {
    const make = STAGES[name] as StageOf<keyof EmailCondition>;
    return make(condition[name] as never, source);
  });
}

type StageOf<Name extends keyof EmailCondition> = (
  value: NonNullable<EmailCondition[Name]>,
  source: MatchSource,
) => Stage;

const entryStage = (test: Test): Stage => ({ cost: 0, test });

function has(keyword: string): Test {
  const flag = flagOf(keyword) ?? '';
  return ({ flags }) => hasFlag(flags, flag);
}

export function hasFlag(flags: readonly string[], flag: string): boolean {
  if (flags.includes(flag)) return true;
  return !flag.startsWith('\\') && flags.some((one) => one.toLowerCase() === flag);
}

function people(field: 'from' | 'to' | 'cc'): (text: string, source: MatchSource) => Stage {
  return (text, source) => {
    const tokens = searchTokens(text);
    const test: Test = ({ content }) => {
      const known = source.facts(content)?.[field] ?? [];
      return hasAll(known.map(personText), tokens);
    };
    return { cost: 1, test };
  };
}

function personText({ name, address }: Person): string {
  return comparable(`${name} <${address}>`);
}

const STAGES: { readonly [Name in keyof Required<EmailCondition>]: StageOf<Name> } = {
  inMailbox: (id) => {
    const folder = idNumber('F', id);
    return entryStage((entry) => entry.folder === folder);
  },
  inMailboxOtherThan: (ids) => {
    const folders = new Set(ids.map((id) => idNumber('F', id)));
    return entryStage((entry) => !folders.has(entry.folder));
  },
  before: (ms) => entryStage(({ received }) => received < ms),
  after: (ms) => entryStage(({ received }) => received >= ms),
  minSize: (size) => entryStage((entry) => entry.size >= size),
  maxSize: (size) => entryStage((entry) => entry.size < size),
  hasKeyword: (keyword) => entryStage(has(keyword)),
  notKeyword: (keyword) => {
    const test = has(keyword);
    return entryStage((entry) => !test(entry));
  },
  allInThreadHaveKeyword: (keyword, { thread }) =>
    entryStage((entry) => thread(entry.thread).every(has(keyword))),
  someInThreadHaveKeyword: (keyword, { thread }) =>
    entryStage((entry) => thread(entry.thread).some(has(keyword))),
  noneInThreadHaveKeyword: (keyword, { thread }) =>
    entryStage((entry) => !thread(entry.thread).some(has(keyword))),
  hasAttachment: (wanted, source) => ({
    cost: 1,
    test: ({ content }) => (source.facts(content)?.attachments ?? 0) > 0 === wanted,
  }),
  from: people('from'),
  to: people('to'),
  cc: people('cc'),
  subject: (text, source) => {
    const tokens = searchTokens(text);
    const test: Test = ({ content }) =>
      hasAll([comparable(source.facts(content)?.subject ?? '')], tokens);
    return { cost: 1, test };
  },
  bcc: (text, source) => headerStage('bcc', text, source),
  header: ([name, text], source) => headerStage(name, text, source),
  body: (text, source) => textStage(text, source, false),
  text: (text, source) => textStage(text, source, true),
};

function headerStage(name: string, text: string | undefined, source: MatchSource): Stage {
  const tokens = searchTokens(text ?? '');
  const test: Test = ({ content }) => {
    const fields = source.message(content)?.root.fields;
    const wanted = name.toLowerCase();
    const values = [...(fields ?? [])]
      .filter((field) => field.name.toLowerCase() === wanted)
      .map((field) => comparable(decodeWords(fieldValue(field))));
    return values.length > 0 && hasAll(values, tokens);
  };
  return { cost: 2, test };
}

/** The index says which messages are worth reading: those with all the words. */
function textStage(text: string, source: MatchSource, withHeader: boolean): Stage {
  const tokens = searchTokens(text);
  const words = tokens.flatMap((token) => token.split(' '));
  let sets: readonly ReadonlySet<number>[] | undefined;
  const may = (content: number): boolean => {
    sets ??= words.flatMap((word) => source.candidates(word) ?? []);
    return sets.every((set) => set.has(content));
  };
  const test: Test = ({ content }) => {
    if (!may(content)) return false;
    const message = source.message(content);
    if (!message) return false;
    const texts = withHeader ? [headerText(message), bodyText(message)] : [bodyText(message)];
    return hasAll(texts.map(comparable), tokens);
  };
  return { cost: 2, test };
}

const SEARCHED = ['From', 'To', 'Cc', 'Bcc', 'Subject'];

function headerText({ root }: Message): string {
  const values = SEARCHED.flatMap((name) => root.fields.all(name));
  return values.map((value) => decodeWords(value)).join('\n');
}

/** All texts that a person may be shown. */
export function bodyText(message: Message): string {
  let text = '';
  for (const part of message.parts()) {
    if (part.type.type !== 'text' || part.children.length > 0) continue;
    const own = message.textOf(part);
    text += `${part.type.subtype === 'html' ? htmlText(own) : own}\n`;
    if (text.length > INDEXED_TEXT) break;
  }
  return text;
}
