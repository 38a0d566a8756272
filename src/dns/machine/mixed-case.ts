/** Names in letters of both cases at random: more that a forger has to guess (0x20). */
import { nextLabel } from '../name.ts';
import type { Message, Name, ResourceRecord } from '../types.ts';

/** Each letter in upper or lower case, as the bits say that `word` draws, 32 at a time. */
export function mixCase(name: Name, word: () => number): Name {
  let mixed = '';
  let bits = 0;
  let left = 0;
  for (const char of name) {
    if (left === 0) {
      bits = word();
      left = 32;
    }
    mixed += bits & 1 ? char.toUpperCase() : char.toLowerCase();
    bits >>>= 1;
    left--;
  }
  return mixed;
}

/** The elements that are names: compression lets them end as the question does. */
const NAMES = ['name', 'target', 'exchange', 'primary', 'mailbox', 'replacement', 'signer'];

/** A reply to `mixed` with the name as it was before, also where others end like it. */
export function unmixed(reply: Message, mixed: Name, name: Name): Message {
  const ends: (readonly [mixed: string, plain: string])[] = [];
  for (let at = 0; at < mixed.length; at = nextLabel(mixed, at)) {
    ends.push([mixed.slice(at), name.slice(at)]);
  }
  const plain = (text: Name): Name => {
    for (const [end, own] of ends) {
      if (text === end) return own;
      if (text.endsWith(`.${end}`)) return text.slice(0, text.length - end.length) + own;
    }
    return text;
  };
  const restore = (record: ResourceRecord): ResourceRecord => {
    const values: Record<string, unknown> = { ...record };
    for (const element of NAMES) {
      const value = values[element];
      if (typeof value === 'string') values[element] = plain(value);
    }
    return values as unknown as ResourceRecord;
  };
  return {
    ...reply,
    questions: reply.questions.map((question) => ({ ...question, name })),
    answers: reply.answers.map(restore),
    authorities: reply.authorities.map(restore),
    additionals: reply.additionals.map(restore),
  };
}
