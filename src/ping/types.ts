/** A datagram is dropped when a random whole number from 0 to `of - 1` is less than `below`. */
export interface LossRule {
  readonly below: number;
  readonly of: number;
}

/** One line, `Ping <sequence number> <time>`. */
export interface PingMessage {
  /** Counts from 1. */
  readonly sequence: number;
  /** As the client wrote it: seconds since 1970 with a fraction. */
  readonly time: string;
}

/** What became of one message. Times in seconds, as the exercise prints them. */
export type PingEvent =
  | {
      readonly type: 'reply';
      readonly sequence: number;
      readonly text: string;
      readonly seconds: number;
    }
  | {
      readonly type: 'late';
      readonly sequence: number;
      readonly text: string;
      readonly seconds: number;
    }
  | { readonly type: 'duplicate'; readonly sequence: number; readonly text: string }
  | { readonly type: 'stray'; readonly text: string }
  | { readonly type: 'timeout'; readonly sequence: number };

export interface PingSummary {
  readonly sent: number;
  /** Messages answered at all, in time or late. */
  readonly received: number;
  readonly late: number;
  readonly duplicates: number;
  /** Share of the messages that were never answered, 0 to 1. */
  readonly loss: number;
  /** Over all first replies, in seconds; absent when there was none. */
  readonly minimum?: number;
  readonly mean?: number;
  readonly maximum?: number;
  readonly deviation?: number;
  /** By sequence number, the round-trip time in seconds, or null for a message without reply. */
  readonly times: readonly (number | null)[];
}
