/** What an attempt comes to for one recipient, and the recipient after it. */
import { REPLIES_KEPT, REPLY_TEXT_KEPT } from '../defaults.ts';
import type { Attempt, Outcome, QueuedRecipient } from '../types.ts';

export type Verdict =
  /** `tells`: the next hop sends DSNs itself (RFC 3461 §5.2.1). */
  | { readonly kind: 'relayed'; readonly attempt: Attempt; readonly tells: boolean }
  | { readonly kind: 'delivered'; readonly attempt: Attempt }
  /** `soon`: nothing is wrong with the recipient; only its turn was not now. */
  | { readonly kind: 'deferred'; readonly attempt: Attempt; readonly soon?: boolean }
  | { readonly kind: 'failed'; readonly attempt: Attempt };

export function attemptOf(outcome: Outcome, remote: string, at: number): Attempt {
  const { code, enhanced } = outcome;
  return { at, code, enhanced, text: outcome.text.slice(0, REPLY_TEXT_KEPT), remote };
}

/** RFC 5321 §4.2.1: 4yz may be tried again, 5yz not. */
export function refused(attempt: Attempt): Verdict {
  return { kind: attempt.code >= 500 ? 'failed' : 'deferred', attempt };
}

/** §4.5.3.1.10: 552 for too many recipients is what old servers say for 452. */
export function refusedRecipient(attempt: Attempt, othersTaken: boolean): Verdict {
  const isFull =
    attempt.enhanced === '4.5.3' || (attempt.enhanced === undefined && isCrowded(attempt));
  if (isFull && othersTaken) return { kind: 'deferred', attempt, soon: true };
  return attempt.code === 552 && attempt.enhanced === undefined
    ? { kind: 'deferred', attempt }
    : refused(attempt);
}

function isCrowded({ code, text }: Attempt): boolean {
  return (code === 452 || code === 552) && /too many recipients/i.test(text);
}

/** The recipient with this attempt in it; `next` is when it is tried again. */
export function withVerdict(
  recipient: QueuedRecipient,
  verdict: Verdict,
  next: number,
): QueuedRecipient {
  const { kind, attempt } = verdict;
  const isCounted = !(kind === 'deferred' && verdict.soon);
  return {
    ...recipient,
    // Who was held meanwhile stays so.
    state: kind === 'deferred' ? recipient.state : kind,
    attempts: recipient.attempts + (isCounted ? 1 : 0),
    next,
    replies: [...recipient.replies, attempt].slice(-REPLIES_KEPT),
  };
}

export function isOpen({ state }: QueuedRecipient): boolean {
  return state === 'waiting' || state === 'held';
}

/** `250 2.1.5 OK`, as it is shown and reported. */
export function attemptText({ code, enhanced, text }: Attempt): string {
  return `${code} ${enhanced === undefined ? '' : `${enhanced} `}${text.replace(/\s+/g, ' ')}`.trim();
}
