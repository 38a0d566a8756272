/** Who wants to be told of what (RFC 3461 §5.2). */
import type { Notify } from '../neighbours.ts';
import type { RecipientOptions } from '../types.ts';

/** RFC 3464 §2.3.3. */
export type Action = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';

const ASKED_BY: Readonly<Record<Action, Notify>> = {
  failed: 'FAILURE',
  delayed: 'DELAY',
  delivered: 'SUCCESS',
  relayed: 'SUCCESS',
  expanded: 'SUCCESS',
};

/** Without NOTIFY: failures and delays (§4.1). */
export function wantsNotice({ notify }: RecipientOptions, action: Action): boolean {
  const word = ASKED_BY[action];
  return notify ? notify.includes(word) : word !== 'SUCCESS';
}

/** What a member of a multiple-recipient alias inherits (§5.2.7.3 c). */
export function withoutSuccess(options: RecipientOptions): RecipientOptions {
  if (!options.notify) return options;
  return { ...options, notify: options.notify.filter((word) => word !== 'SUCCESS') };
}
