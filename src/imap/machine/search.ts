/** SEARCH (RFC 9051 §6.4.4): keys to a function that says yes or no to a message, the cheap questions first. */
import {
  type Facts,
  type MessageEntry,
  PEOPLE_LIMIT,
  type Person,
  searchTexts,
} from '../../mail/index.ts';
import { decodeWords, type Message } from '../../mime/index.ts';
import { FACTS_BATCH, MESSAGES_BATCH } from '../defaults.ts';
import type { SearchKey, SequenceSet } from '../types.ts';
import { hasFlag } from './flags.ts';

/** Where a search looks. */
export interface SearchSource {
  /** Undefined where the message is gone. */
  facts(content: number): Facts | undefined;
  message(content: number): Message | undefined;
  /** Contents that may hold the text; undefined: any may. */
  candidates(text: string): ReadonlySet<number> | undefined;
  isRecent(uid: number): boolean;
  /** Indexes of a set. */
  indexes(set: SequenceSet, uid: boolean): readonly number[];
}

export type Matcher = (entry: MessageEntry, index: number) => boolean;

const DAY_MS = 86_400_000;

export function matcherOf(key: SearchKey, source: SearchSource): Matcher {
  return new MatcherMaker(source).make(key);
}

class MatcherMaker {
  private readonly source: SearchSource;

  constructor(source: SearchSource) {
    this.source = source;
  }

  make(key: SearchKey): Matcher {
    switch (key.type) {
      case 'and':
        return this.and(key.keys);
      case 'or': {
        const [first, second] = [key.left, key.right]
          .sort((a, b) => cost(a) - cost(b))
          .map((one) => this.make(one)) as [Matcher, Matcher];
        return (entry, index) => first(entry, index) || second(entry, index);
      }
      case 'not': {
        const inner = this.make(key.key);
        return (entry, index) => !inner(entry, index);
      }
      case 'text':
      case 'body':
        return this.text(key);
      case 'header':
        return this.header(key.field, key.text);
    }
    return this.simple(key);
  }

  private and(keys: readonly SearchKey[]): Matcher {
    const tests = keys.toSorted((a, b) => cost(a) - cost(b)).map((one) => this.make(one));
    return (entry, index) => tests.every((test) => test(entry, index));
  }

  private simple(
    key: Exclude<SearchKey, { type: 'and' | 'or' | 'not' | 'text' | 'body' | 'header' }>,
  ): Matcher {
    const { source } = this;
    switch (key.type) {
      case 'all':
        return () => true;
      case 'numbers':
      case 'uids': {
        const indexes = new Set(source.indexes(key.set, key.type === 'uids'));
        return (_, index) => indexes.has(index);
      }
      case 'flag':
        return ({ flags }) => hasFlag(flags, key.flag);
      case 'recent':
        return ({ uid }) => source.isRecent(uid);
      case 'new':
        return ({ uid, flags }) => source.isRecent(uid) && !flags.includes('\\Seen');
      case 'old':
        return ({ uid }) => !source.isRecent(uid);
      case 'larger':
        return ({ size }) => size > key.size;
      case 'smaller':
        return ({ size }) => size < key.size;
      case 'modseq':
        return ({ modSeq }) => modSeq >= key.modSeq;
    }
    const isIn = (at: number): boolean => isOnDay(key.type, at, key.day);
    return key.sent ? this.sent(isIn, key.day) : ({ received }) => isIn(received);
  }

  /** The day of the Date as it is written, in whatever zone: the header is read only where the zone decides. */
  private sent(isIn: (at: number) => boolean, day: number): Matcher {
    const { source } = this;
    return ({ content }) => {
      const at = source.facts(content)?.date;
      if (at === undefined) return false;
      if (at < day - DAY_MS || at >= day + 2 * DAY_MS) return isIn(at);
      const date = source.message(content)?.date;
      return isIn(date ? date.ms + date.zone * 60_000 : at);
    };
  }

  private text({ type, text }: { type: 'text' | 'body'; text: string }): Matcher {
    const { source } = this;
    if (text === '') return () => true;
    const wanted = fold(text);
    const candidates = source.candidates(text);
    return ({ content }) => {
      if (candidates && !candidates.has(content)) return false;
      const message = source.message(content);
      return message !== undefined && messageHas(message, wanted, type === 'text');
    };
  }

  private header(field: string, text: string): Matcher {
    const { source } = this;
    const wanted = fold(text);
    const fromFacts = FACTS[field.toUpperCase()];
    const inHeader = (content: number): boolean => {
      const fields = source.message(content)?.root.fields;
      return fields?.all(field).some((value) => fold(decodeWords(value)).includes(wanted)) ?? false;
    };
    if (fromFacts && wanted !== '') {
      return ({ content }) => {
        const facts = source.facts(content);
        if (!facts) return false;
        return fold(fromFacts(facts)).includes(wanted) || (isCut(facts) && inHeader(content));
      };
    }
    return ({ content }) => inHeader(content);
  }
}

/** Fields of which the facts know all. */
const FACTS: Readonly<Record<string, ((facts: Facts) => string) | undefined>> = {
  SUBJECT: ({ subject }) => subject,
  FROM: ({ from }) => peopleText(from),
  TO: ({ to }) => peopleText(to),
  CC: ({ cc }) => peopleText(cc),
};

/** The facts name no more people than these; the header may. */
function isCut({ from, to, cc }: Facts): boolean {
  return [from, to, cc].some(({ length }) => length >= PEOPLE_LIMIT);
}

function peopleText(people: readonly Person[]): string {
  return people
    .map(({ name, address }) => (name === '' ? address : `${name} <${address}>`))
    .join(', ');
}

function isOnDay(type: 'before' | 'on' | 'since', at: number, day: number): boolean {
  if (type === 'before') return at < day;
  return at >= day && (type === 'since' || at < day + DAY_MS);
}

/** Texts are compared without case (RFC 9051 §6.4.4). */
export function fold(text: string): string {
  return text.toLowerCase();
}

/** Messages that may be asked about before others have their turn: few where each is looked into. */
export function batchOf(key: SearchKey): number {
  const price = cost(key);
  return price === 0 ? Number.POSITIVE_INFINITY : price === 1 ? FACTS_BATCH : MESSAGES_BATCH;
}

/** What a question costs: flags nothing, facts little, a header some, a body most. */
function cost(key: SearchKey): number {
  switch (key.type) {
    case 'and':
      return Math.max(0, ...key.keys.map(cost));
    case 'or':
      return Math.max(cost(key.left), cost(key.right));
    case 'not':
      return cost(key.key);
    case 'text':
    case 'body':
      return 3;
    case 'header':
      return FACTS[key.field.toUpperCase()] ? 1 : 2;
    case 'before':
    case 'on':
    case 'since':
      return key.sent ? 1 : 0;
  }
  return 0;
}

/** `wanted` is folded. With `header`, the fields count too. */
function messageHas(message: Message, wanted: string, header: boolean): boolean {
  const texts = searchTexts(message);
  return fold(texts.body).includes(wanted) || (header && fold(texts.header).includes(wanted));
}
