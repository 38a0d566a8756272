/** The defaults of the pinger: the classroom exercise's own numbers. */
import type { LossRule } from './types.ts';

export const PING_PORT = 12_000;

/** How many messages, and how long each waits for its reply. */
export const PING_COUNT = 10;
export const PING_WAIT_MS = 1_000;

/** The server throws a whole number from 0 to 10 and answers unless it is below 4: 4 in 11 are lost. */
export const LOSS_RULE: LossRule = { below: 4, of: 11 };

/** Replies held back by `delayMs`, at most; more are dropped as a full queue would. */
export const DELAYED_REPLIES = 10_000;
