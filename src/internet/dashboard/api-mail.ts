/** What the page of mail is told. Times are milliseconds since the internet was started. */
import type { AccountView } from '../../mailhost/index.ts';
import type { RelayEventKind } from '../../relay/index.ts';
import type { FailureRule } from '../../smtp/index.ts';

export interface MailView {
  readonly hosts: readonly MailHostView[];
  readonly users: readonly MailUserView[];
  /** The newest first. */
  readonly letters: readonly LetterView[];
  readonly now: number;
}

export interface MailHostView {
  /** The host of the internet. */
  readonly host: string;
  /** What it calls itself. */
  readonly hostname: string;
  readonly domains: readonly string[];
  readonly running: boolean;
  readonly accounts: readonly AccountView[];
  readonly queue: readonly QueuedView[];
  readonly failures: readonly FailureRule[];
}

/** A message that waits, for one recipient. */
export interface QueuedView {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly size: number;
  readonly since: number;
  readonly state: string;
  readonly attempts: number;
  /** When it is tried next. */
  readonly next: number;
  readonly lastReply: string | undefined;
}

export interface MailUserView {
  readonly host: string;
  readonly title: string;
  readonly address: string;
}

/** A message with its way through the internet. */
export interface LetterView {
  /** Its Message-ID, or without one the name of its only queue. */
  readonly id: string;
  readonly subject: string | undefined;
  readonly from: string | undefined;
  readonly to: readonly string[];
  readonly began: number;
  readonly state: 'under way' | 'delivered' | 'failed' | 'waiting';
  readonly steps: readonly StepView[];
}

export interface StepView {
  readonly at: number;
  /** Since the step before. */
  readonly delay: number;
  readonly host: string;
  readonly kind: RelayEventKind;
  readonly recipient: string | undefined;
  readonly remote: string | undefined;
  readonly reply: string | undefined;
}

export interface LetterSentView {
  readonly messageId: string;
  readonly reply: string;
  readonly refused: readonly string[];
}
