/** What is kept of people's mail: accounts, folders, messages, as POP3, IMAP and JMAP see them. */
import type { ScramKeys } from '../auth/index.ts';

/** Someone who has mail here. */
export interface Account {
  readonly id: number;
  /** What signs in: `alice`. */
  readonly name: string;
  /** Where mail for it comes to: `alice@campus.edu`; the first is its own in what it writes. */
  readonly addresses: readonly string[];
  /** The person, as others are shown: `Alice Adams`; '' where it isn't known. */
  readonly title: string;
  /** Bytes of messages; undefined is no limit. */
  readonly quota: number | undefined;
}

/** What is kept of a password: what proves it, or itself. */
export interface Secrets {
  /** scrypt of it (RFC 7914): for whoever shows the password itself. */
  readonly scrypt: string | undefined;
  /** SCRAM-SHA-256 (RFC 5803). */
  readonly scram: ScramKeys | undefined;
  /** Itself, from which all else is made: only where the class or a test asks for CRAM-MD5 and APOP. */
  readonly plain: string | undefined;
}

export interface AccountInit {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly title?: string;
  /** Undefined: nobody can sign in. */
  readonly password?: string;
  /** Keep the password itself, so that CRAM-MD5 and APOP work. Default: no. */
  readonly keepPassword?: boolean;
  readonly quota?: number;
}

/** Folders of a known use (RFC 6154). */
export type SpecialUse = '\\Archive' | '\\Drafts' | '\\Junk' | '\\Sent' | '\\Trash';

/** A folder; IMAP calls it a mailbox. */
export interface Folder {
  readonly id: number;
  readonly account: number;
  /** Names with `/` between: `INBOX`, `Lists/news`. */
  readonly path: string;
  readonly specialUse: SpecialUse | undefined;
  readonly subscribed: boolean;
  /** False: a name with folders below it, which holds no messages (`\Noselect`). */
  readonly selectable: boolean;
  readonly uidValidity: number;
}

export interface FolderStatus {
  readonly messages: number;
  readonly unseen: number;
  readonly deleted: number;
  /** Bytes. */
  readonly size: number;
  readonly uidNext: number;
  /** Changes when anything in the folder does (RFC 7162 §3.1.2.1). */
  readonly highestModSeq: number;
}

/** `\Seen`, `$Forwarded`, `work`: system flags as RFC 9051 §2.3.2 writes them, keywords as they were first given. Sorted. */
export type Flags = readonly string[];

/** A message in a folder. It never changes: a change makes another one. */
export interface MessageEntry {
  /** Stays when the message moves; of a copy it is another one (RFC 8621 §4.1.1). */
  readonly id: number;
  readonly folder: number;
  readonly uid: number;
  readonly flags: Flags;
  readonly modSeq: number;
  /** INTERNALDATE: milliseconds since 1970. */
  readonly received: number;
  /** Bytes. */
  readonly size: number;
  /** Its bytes, which copies share. */
  readonly content: number;
  /** The conversation that it belongs to: an id of its first message. */
  readonly thread: number;
}

/** Someone in a header, as it was written: decoded. */
export interface Person {
  readonly name: string;
  readonly address: string;
}

/** What is known of a message without reading it again: made once, when it comes in. */
export interface Summary {
  /** The ENVELOPE of RFC 9051 §7.5.2, as it is sent. ASCII. */
  readonly envelope: string;
  /** BODYSTRUCTURE, and BODY without its extension data, as they are sent. ASCII. */
  readonly bodyStructure: string;
  readonly body: string;
  readonly facts: Facts;
}

export interface Facts {
  /** Bytes of the header with its empty line. */
  readonly headerSize: number;
  readonly messageId: string | undefined;
  /** References, or else In-Reply-To: the oldest first. */
  readonly references: readonly string[];
  readonly subject: string;
  readonly from: readonly Person[];
  readonly to: readonly Person[];
  readonly cc: readonly Person[];
  /** Date: milliseconds since 1970; undefined without a right one. */
  readonly date: number | undefined;
  /** The beginning of the text, on one line. */
  readonly preview: string;
  readonly attachments: number;
}

/** What happened to an account's mail, told after it is durable. */
export type MailChange =
  | { readonly type: 'folders' }
  | {
      readonly type: 'messages';
      readonly folder: number;
      readonly added: readonly MessageEntry[];
      readonly changed: readonly MessageEntry[];
      /** UIDs, ascending. */
      readonly removed: readonly number[];
      /** Who did it, as it gave itself to the call. */
      readonly by: unknown;
    };

export type FlagChange = 'add' | 'remove' | 'set';

export interface FlagOptions {
  /** Messages that changed after this stay as they are, and are named in `modified` (RFC 7162 §3.1.3). */
  readonly unchangedSince?: number;
  readonly by?: unknown;
}

export interface AppendInit {
  readonly staged: Staged;
  readonly flags?: readonly string[];
  /** INTERNALDATE; default: now. */
  readonly received?: number;
}

export interface CopyResult {
  readonly from: readonly MessageEntry[];
  /** One for each of `from`, in its order. */
  readonly to: readonly MessageEntry[];
}

/** A message on its way in. */
export interface Staging {
  /** Takes a piece; a promise asks to wait before the next one. */
  add(bytes: Uint8Array): Promise<void> | undefined;
  /** No more comes. */
  finish(): Staged;
  /** It is not wanted after all. */
  drop(): void;
}

/** A whole message that waits to be put somewhere, once or several times in one commit. */
export interface Staged {
  readonly size: number;
}
