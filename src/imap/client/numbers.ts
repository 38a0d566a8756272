/** Messages as a program names them. */
import { UsageError } from '../../lib/errors.ts';
import type { NumberRange, SequenceSet } from '../types.ts';
import { Scanner } from '../wire/scanner.ts';
import { parseSet, rangesOf } from '../wire/sequence-set.ts';

/** `7`, `[3, 5]`, `'1:5,9'`, `'1:*'`, `'$'`, or ranges. */
export type Messages = number | string | readonly number[] | readonly NumberRange[];

/** Throws UsageError. */
export function toSet(messages: Messages): SequenceSet {
  if (typeof messages === 'number') return [[messages, messages]];
  if (typeof messages === 'string') return ofText(messages);
  if (messages.length === 0) throw new UsageError('no messages are named');
  if (typeof messages[0] !== 'number') return messages as readonly NumberRange[];
  return rangesOf((messages as readonly number[]).toSorted((a, b) => a - b));
}

function ofText(text: string): SequenceSet {
  try {
    const scanner = new Scanner({ text, literals: [] });
    const set = parseSet(scanner);
    scanner.end();
    return set;
  } catch (cause) {
    throw new UsageError(`messages are named as in 1:5,9 or 3:*, not as ${text}`, { cause });
  }
}
