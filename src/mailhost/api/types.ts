/** What the API of a mail host says. Times are milliseconds since 1970. */
import type { Person } from '../../mail/index.ts';

export interface AccountView {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly title: string;
  readonly used: number;
  readonly quota: number | undefined;
  readonly messages: number;
  readonly folders: readonly FolderView[];
}

export interface FolderView {
  readonly path: string;
  readonly specialUse: string | undefined;
  readonly messages: number;
  readonly unseen: number;
}

export interface MessageView {
  readonly account: string;
  readonly folder: string;
  /** Stays when the message moves. */
  readonly id: number;
  readonly uid: number;
  readonly flags: readonly string[];
  readonly received: number;
  readonly size: number;
  readonly messageId: string | undefined;
  readonly subject: string;
  readonly from: readonly Person[];
  readonly to: readonly Person[];
  readonly cc: readonly Person[];
  readonly date: number | undefined;
  readonly preview: string;
  readonly attachments: number;
}

export interface PartView {
  /** As IMAP counts: `1.2`. */
  readonly path: string;
  readonly type: string;
  readonly encoding: string;
  readonly fileName: string | undefined;
  readonly disposition: string | undefined;
  /** Bytes as they stand. */
  readonly size: number;
}

export interface WholeMessageView extends MessageView {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly parts: readonly PartView[];
  /** What the message does wrong. */
  readonly defects: readonly { readonly code: string; readonly message: string }[];
}

export interface ErrorView {
  readonly error: { readonly code: string; readonly message: string; readonly spec?: string };
}
