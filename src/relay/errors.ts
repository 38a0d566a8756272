/** The errors of the relay. Programs match on `code`. */
import { AppError } from '../lib/errors.ts';
import type { Outcome } from './types.ts';

export type RelayErrorCode = 'RELAY_NO_MESSAGE' | 'RELAY_REFUSED';

/** No message of that name is in the queue. */
export function noMessage(id: string): AppError {
  return new AppError('RELAY_NO_MESSAGE', `there is no message ${id} in the queue`);
}

/** A message of a program that is not taken; `outcome` is what a client would have been told. */
export class RelayRefusal extends AppError {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super('RELAY_REFUSED', `${outcome.code} ${outcome.enhanced ?? ''} ${outcome.text}`);
    this.outcome = outcome;
  }
}
