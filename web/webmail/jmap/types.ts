/** What the page knows of JMAP (RFC 8620, RFC 8621). */

export interface Mailbox {
  readonly id: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly role: string | null;
  readonly sortOrder: number;
  readonly totalEmails: number;
  readonly unreadEmails: number;
  readonly unreadThreads: number;
}

export interface Address {
  readonly name: string | null;
  readonly email: string;
}

export type Keywords = Readonly<Record<string, true>>;

/** What a list shows of a message. */
export interface Email {
  readonly id: string;
  readonly threadId: string;
  readonly mailboxIds: Readonly<Record<string, true>>;
  readonly keywords: Keywords;
  readonly from: readonly Address[] | null;
  readonly to: readonly Address[] | null;
  readonly cc: readonly Address[] | null;
  readonly subject: string | null;
  readonly receivedAt: string;
  readonly preview: string;
  readonly hasAttachment: boolean;
  readonly size: number;
}

export interface Part {
  readonly partId: string | null;
  readonly blobId: string | null;
  readonly type: string;
  readonly name: string | null;
  readonly size: number;
  readonly cid: string | null;
  readonly disposition: string | null;
  readonly 'header:Content-Type:asText': string | null;
}

/** A message that is read. */
export interface OpenedEmail extends Email {
  readonly blobId: string;
  readonly bcc: readonly Address[] | null;
  readonly replyTo: readonly Address[] | null;
  readonly messageId: readonly string[] | null;
  readonly references: readonly string[] | null;
  readonly inReplyTo: readonly string[] | null;
  readonly sentAt: string | null;
  readonly textBody: readonly Part[];
  readonly htmlBody: readonly Part[];
  readonly attachments: readonly Part[];
  readonly bodyValues: Readonly<
    Record<string, { readonly value: string; readonly isTruncated: boolean }>
  >;
}

export interface Identity {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export interface Snippet {
  readonly emailId: string;
  readonly subject: string | null;
  readonly preview: string | null;
}

export interface SessionInfo {
  readonly accountId: string;
  readonly username: string;
  readonly address: string;
  readonly maxSizeUpload: number;
}

export interface SetError {
  readonly type: string;
  readonly description?: string;
  readonly invalidRecipients?: readonly string[];
}

/** Of Email/set and its like. */
export interface SetAnswer {
  readonly newState: string;
  readonly created: Readonly<Record<string, { readonly id: string }>> | null;
  readonly notCreated: Readonly<Record<string, SetError>> | null;
  readonly notUpdated: Readonly<Record<string, SetError>> | null;
  readonly notDestroyed: Readonly<Record<string, SetError>> | null;
}

export type Filter = Readonly<Record<string, unknown>>;

/** The tree of a message, as the site tells it beside JMAP. */
export interface PartView {
  readonly path: string;
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly encoding: string;
  readonly disposition: string | null;
  readonly name: string | null;
  readonly header: string;
  readonly start: number;
  readonly end: number;
  readonly lines: number;
  readonly size: number;
  readonly encodedSize: number;
  readonly blobId: string | null;
  readonly text: string | null;
  readonly children: readonly PartView[];
}

export interface Structure {
  readonly size: number;
  readonly root: PartView;
  readonly defects: readonly {
    readonly code: string;
    readonly message: string;
    readonly spec: string;
    readonly offset: number;
    readonly part: string;
  }[];
}
