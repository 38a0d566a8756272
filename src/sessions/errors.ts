import { LimitError } from '../lib/errors.ts';

/** An entry above its limit: the visitor is told, and what is kept stays as it was. */
export function entryTooLarge(limit: number): LimitError {
  return new LimitError('SESSION_TOO_LARGE', `A visitor's entry is longer than ${limit} bytes`, {
    limit,
    reply: 413,
  });
}
