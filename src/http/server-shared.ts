import type { Conversation, Host } from '../net/index.ts';
import type { Deadlines } from './deadlines.ts';
import type { CommonLines } from './exchange.ts';
import type { FrozenAnswers } from './frozen-answers.ts';
import type { ServerLimits } from './machine/server-connection.ts';
import type { Handler } from './types.ts';

/** What all conversations of one server share. */
export interface ServerShared {
  readonly host: Host;
  readonly handler: Handler;
  readonly scheme: 'http' | 'https';
  readonly limits: ServerLimits;
  commonLines(now: number): CommonLines;
  readonly frozen: FrozenAnswers;
  readonly deadlines: Deadlines;
  report(error: unknown): void;
  gone(conversation: Conversation): void;
}
