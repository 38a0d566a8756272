/** What the page of mail is told. Times are milliseconds since the internet was started. */
import type { AccountView } from '../../mailhost/index.ts';
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
  /** Without brackets. */
  readonly messageId: string | undefined;
  readonly subject: string | undefined;
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
  /** The host of the mailbox. */
  readonly server: string;
}

/** `waiting` and `held` stand in a queue; `read` was fetched from a mailbox. */
export type LetterState = 'under way' | 'waiting' | 'held' | 'delivered' | 'read' | 'failed';

export interface RecipientView {
  readonly address: string;
  readonly state: LetterState;
}

/** A message in the list of messages. */
export interface LetterView {
  /** Its Message-ID, or without one the name of its only queue. */
  readonly id: string;
  readonly subject: string | undefined;
  readonly from: string | undefined;
  readonly to: readonly RecipientView[];
  readonly began: number;
  /** Of the recipient who needs looking at most. */
  readonly state: LetterState;
}

/** The way of one message through the internet. */
export interface WayView {
  readonly letter: LetterView;
  /** In the order of their beginnings. */
  readonly steps: readonly WayStepView[];
  readonly now: number;
}

export type WayStepKind =
  /** By its author's program, or by a host of which nothing is known. */
  | 'submitted'
  /** Not accepted for a recipient when it was submitted. */
  | 'refused'
  | 'looked up'
  /** To the next relay. */
  | 'relayed'
  | 'deferred'
  | 'failed'
  | 'expired'
  | 'delivered'
  | 'read'
  /** Its sender is told. */
  | 'notified'
  | 'dropped'
  | 'held'
  | 'released'
  | 'removed';

export interface WayStepView {
  readonly kind: WayStepKind;
  readonly at: number;
  readonly until: number;
  /** Hosts of the internet, or what they call themselves; `to` is absent where it stays. */
  readonly from: string;
  readonly to: string | undefined;
  readonly recipients: readonly string[];
  /** The last word, which decided. */
  readonly reply: string | undefined;
  /** What was said, in order. */
  readonly said: readonly SaidView[];
  readonly protocol: string | undefined;
  /** Where the ladder has it, as far as that is kept. */
  readonly conversations: readonly number[];
  readonly message: number | undefined;
  /** Of the notice that went this way, instead of the message itself. */
  readonly notice: string | undefined;
  /** When it is tried next. */
  readonly next: number | undefined;
}

export interface SaidView {
  readonly from: string;
  readonly text: string;
}

export interface LetterSentView {
  readonly messageId: string;
  readonly reply: string;
  readonly refused: readonly string[];
}
