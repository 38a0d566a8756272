/** What all parts of a JMAP server share. */
import type { Account, MailAccount, MailStore } from '../mail/index.ts';
import type { Host } from '../net/index.ts';
import type { Blobs } from './blobs.ts';
import type { JmapLimits } from './defaults.ts';
import type { Desk } from './desk.ts';
import type { Submissions } from './submissions.ts';
import type { Invocation, JsonObject } from './types.ts';

export interface MailPath {
  readonly local: string;
  readonly domain: string;
}

/** Whom a message is from and goes to, in SMTP. */
export interface SubmitEnvelope {
  readonly from: MailPath;
  readonly to: readonly { readonly path: MailPath }[];
}

/** What a server for mail said to it. */
export interface SubmitOutcome {
  readonly code: number;
  readonly enhanced?: string;
  readonly text: string;
}

export interface SubmitResult {
  readonly id: string;
  /** Recipients that get nothing, and why. */
  readonly refused: readonly { readonly path: MailPath; readonly outcome: SubmitOutcome }[];
}

/** Takes a message to send, durably. Throws an AppError with an `outcome` when nobody gets it. */
export type Submit = (
  account: Account,
  envelope: SubmitEnvelope,
  message: Uint8Array,
) => Promise<SubmitResult>;

export interface Service {
  readonly host: Host;
  readonly store: MailStore;
  readonly submit: Submit;
  readonly limits: JmapLimits;
  readonly blobs: Blobs;
  readonly submissions: Submissions;
  /** Told of faults of the server's own, of which clients learn nothing but that. */
  readonly onError: (error: unknown) => void;
}

/** One request of somebody who is signed in. */
export interface Call {
  readonly service: Service;
  readonly mail: MailAccount;
  readonly desk: Desk;
  /** Ids of what was made, by the names that the client gave. */
  readonly created: Map<string, string>;
  /** Of the call that is being answered. */
  id: string;
  /** Calls that this one brings with it; they are answered after it, under its id. */
  readonly implied: Invocation[];
}

export type Method = (args: JsonObject, call: Call) => JsonObject | Promise<JsonObject>;

/** `#name` is the id of what was made under that name; undefined where nothing was. */
export function resolvedId(call: Call, id: string): string | undefined {
  return id.startsWith('#') ? call.created.get(id.slice(1)) : id;
}
