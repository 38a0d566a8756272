import type { Conversation, Host } from '../net/index.ts';
import type { FrozenAnswers } from './frozen-answers.ts';
import type { ServerLimits } from './machine/server-connection.ts';
import type { Handler } from './types.ts';

/** What all conversations of one server share. */
export interface ServerShared {
  readonly host: Host;
  readonly handler: Handler;
  readonly limits: ServerLimits;
  /** The lines that begin every head: Server and Date, the latter made once a second. */
  commonLines(now: number): string;
  readonly frozen: FrozenAnswers;
  report(error: unknown): void;
  gone(conversation: Conversation): void;
}
