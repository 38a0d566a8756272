/** Names in letters of both cases at random: more that a forger has to guess (0x20). */
import { nameKey } from '../name.ts';
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

/** A reply to `mixed` with the name as it was before: owners repeat it, whole or from some label on. */
export function unmixed(reply: Message, mixed: Name, name: Name): Message {
  const end = nameKey(name);
  const restore = (record: ResourceRecord): ResourceRecord => {
    const cut = name.length - record.name.length;
    if (record.name === '.' || cut < 0 || !mixed.endsWith(record.name)) return record;
    if (!end.endsWith(nameKey(record.name))) return record;
    return { ...record, name: name.slice(cut) };
  };
  return {
    ...reply,
    questions: reply.questions.map((question) => ({ ...question, name })),
    answers: reply.answers.map(restore),
    authorities: reply.authorities.map(restore),
    additionals: reply.additionals.map(restore),
  };
}
