/** What a search for an answer asks for, and what it comes to. */
import type { Address, Endpoint } from '../../lib/endpoint.ts';
import type { ExtendedError } from '../options.ts';
import type { Message, Name, Question, Rcode, ResourceRecord } from '../types.ts';
import type { Cached } from './cache.ts';
import type { Note } from './notes.ts';

export interface Ask {
  readonly kind: 'ask';
  readonly server: Name;
  readonly address: Address;
  /** Where the resolver asks one that does the work for it; default: the port of all servers. */
  readonly port?: number;
  readonly zone: Name;
  readonly question: Question;
  readonly note: Note;
}

export interface Result {
  readonly kind: 'result';
  readonly rcode: Rcode;
  /** Aliases first, then the records at their end. */
  readonly answers: readonly ResourceRecord[];
  /** The SOA of a denial. */
  readonly authorities: readonly ResourceRecord[];
  /** Why there is no answer, for SERVFAIL. */
  readonly failure: string | undefined;
  /** The entry of the cache that the answer came from, if no server was asked. */
  readonly cached: Cached | undefined;
  /** With `cached`: when, on the clock, the first of its TTLs changes. */
  readonly until?: number;
  /** What the client is told beside (RFC 8914). */
  readonly errors?: readonly ExtendedError[];
}

export type Step = Ask | Result;

const NOTHING: Result = {
  kind: 'result',
  rcode: 'SERVFAIL',
  answers: [],
  authorities: [],
  failure: undefined,
  cached: undefined,
};

export function result(parts: Partial<Result>): Result {
  return { ...NOTHING, ...parts };
}

/** SERVFAIL with its reason, for people and by number (RFC 8914). */
export function failed(failure: string, code: number): Result {
  return { ...NOTHING, failure, errors: [{ code, text: failure }] };
}

/** One search, step by step, without a network. */
export interface Search {
  /** What to do next. Called again only after `receive` or `failed`. */
  step(now: number): Step;
  /** Takes the reply to what `step` asked. */
  receive(reply: Message, source: Endpoint, now: number): void;
  /** Takes that nothing came back; `text` says why, as in "did not answer within 800 ms". */
  failed(text: string): void;
}
