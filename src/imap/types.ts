/** What is said in IMAP (RFC 3501, RFC 9051) and its extensions: commands, and what they ask for. */

/** From and to, in this order; `*` is infinite. */
export type NumberRange = readonly [number, number];

/** Numbers or UIDs of messages; `$` is what the last search has saved (RFC 5182). */
export type SequenceSet = readonly NumberRange[] | '$';

export type StoreHow = 'add' | 'remove' | 'set';

/** UIDVALIDITY, HIGHESTMODSEQ and what else a client remembers of a mailbox (RFC 7162 §3.2.5). */
export interface QResync {
  readonly uidValidity: number;
  readonly modSeq: number;
  readonly known?: readonly NumberRange[];
  /** Numbers and the UIDs that they had: how far nothing was expunged. */
  readonly match?: {
    readonly numbers: readonly NumberRange[];
    readonly uids: readonly NumberRange[];
  };
}

export type StatusItem =
  | 'MESSAGES'
  | 'RECENT'
  | 'UIDNEXT'
  | 'UIDVALIDITY'
  | 'UNSEEN'
  | 'DELETED'
  | 'SIZE'
  | 'HIGHESTMODSEQ'
  | 'APPENDLIMIT';

/** LIST's selection (RFC 5258 §3.1, RFC 6154 §5.2). */
export type ListSelection = 'SUBSCRIBED' | 'REMOTE' | 'RECURSIVEMATCH' | 'SPECIAL-USE';

/** What LIST tells beside the names (RFC 5258 §3.2, RFC 5819, RFC 6154). */
export interface ListReturn {
  readonly subscribed?: boolean;
  readonly children?: boolean;
  readonly specialUse?: boolean;
  readonly status?: readonly StatusItem[];
}

/** A message to append: where its octets are among the literals of the command. */
export interface AppendMessage {
  readonly literal: number;
  readonly flags: readonly string[];
  /** INTERNALDATE, in milliseconds since 1970. */
  readonly received: number | undefined;
}

/** What of a message's octets: `part` `1.2`, `text` HEADER, HEADER.FIELDS, HEADER.FIELDS.NOT, TEXT or MIME (RFC 9051 §6.4.5.1). */
export interface Section {
  readonly part: string;
  readonly text: '' | 'HEADER' | 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT' | 'TEXT' | 'MIME';
  /** Names of fields, as they were asked for. */
  readonly fields?: readonly string[];
}

export interface OctetRange {
  readonly offset: number;
  readonly length: number;
}

/** What FETCH may ask for. */
export type FetchItem =
  | { readonly type: 'FLAGS' | 'UID' | 'INTERNALDATE' | 'RFC822.SIZE' | 'ENVELOPE' | 'MODSEQ' }
  | { readonly type: 'BODY' | 'BODYSTRUCTURE' }
  | { readonly type: 'RFC822' }
  | { readonly type: 'RFC822.HEADER' }
  | { readonly type: 'RFC822.TEXT' }
  | {
      readonly type: 'BODY[]';
      readonly peek: boolean;
      readonly section: Section;
      readonly partial?: OctetRange;
    }
  | {
      readonly type: 'BINARY[]';
      readonly peek: boolean;
      readonly part: string;
      readonly partial?: OctetRange;
    }
  | { readonly type: 'BINARY.SIZE[]'; readonly part: string };

/** What SEARCH looks for (RFC 9051 §6.4.4). */
export type SearchKey =
  | { readonly type: 'all' }
  | { readonly type: 'and'; readonly keys: readonly SearchKey[] }
  | { readonly type: 'or'; readonly left: SearchKey; readonly right: SearchKey }
  | { readonly type: 'not'; readonly key: SearchKey }
  | { readonly type: 'numbers' | 'uids'; readonly set: SequenceSet }
  | { readonly type: 'flag'; readonly flag: string }
  | { readonly type: 'recent' | 'new' | 'old' }
  | { readonly type: 'larger' | 'smaller'; readonly size: number }
  /** `day`: milliseconds since 1970 at its beginning, as if it were in UTC. */
  | { readonly type: 'before' | 'on' | 'since'; readonly sent: boolean; readonly day: number }
  | { readonly type: 'text' | 'body'; readonly text: string }
  | { readonly type: 'header'; readonly field: string; readonly text: string }
  | { readonly type: 'modseq'; readonly modSeq: number };

/** What SEARCH and SORT return (RFC 4731, RFC 5182). */
export type SearchReturn = 'MIN' | 'MAX' | 'ALL' | 'COUNT' | 'SAVE';

export type SortField = 'ARRIVAL' | 'CC' | 'DATE' | 'FROM' | 'SIZE' | 'SUBJECT' | 'TO';

export interface SortCriterion {
  readonly field: SortField;
  readonly reverse: boolean;
}

export type ThreadAlgorithm = 'REFERENCES' | 'ORDEREDSUBJECT';

/** Commands that are a word and nothing else. */
export type BareName =
  | 'CAPABILITY'
  | 'NOOP'
  | 'LOGOUT'
  | 'STARTTLS'
  | 'CHECK'
  | 'CLOSE'
  | 'UNSELECT'
  | 'IDLE'
  | 'NAMESPACE';

type Bare<N extends BareName> = N extends BareName ? { readonly name: N } : never;

export type CommandBody =
  | Bare<BareName>
  | { readonly name: 'LOGIN'; readonly user: string; readonly password: string }
  | {
      readonly name: 'AUTHENTICATE';
      readonly mechanism: string;
      readonly initial: string | undefined;
    }
  | {
      readonly name: 'SELECT' | 'EXAMINE';
      readonly mailbox: string;
      readonly condstore: boolean;
      readonly qresync?: QResync;
    }
  | { readonly name: 'CREATE'; readonly mailbox: string; readonly use: readonly string[] }
  | {
      readonly name: 'DELETE' | 'SUBSCRIBE' | 'UNSUBSCRIBE' | 'GETQUOTAROOT';
      readonly mailbox: string;
    }
  | { readonly name: 'RENAME'; readonly from: string; readonly to: string }
  | {
      readonly name: 'LIST';
      readonly reference: string;
      readonly patterns: readonly string[];
      readonly selection: readonly ListSelection[];
      readonly returns: ListReturn;
      /** It has options, or more than one pattern: an answer of RFC 5258. */
      readonly extended: boolean;
    }
  | { readonly name: 'LSUB'; readonly reference: string; readonly pattern: string }
  | { readonly name: 'STATUS'; readonly mailbox: string; readonly items: readonly StatusItem[] }
  | {
      readonly name: 'APPEND';
      readonly mailbox: string;
      readonly messages: readonly AppendMessage[];
    }
  | { readonly name: 'EXPUNGE'; readonly set: SequenceSet | undefined }
  | {
      readonly name: 'SEARCH';
      readonly uid: boolean;
      readonly returns: readonly SearchReturn[] | undefined;
      readonly key: SearchKey;
    }
  | {
      readonly name: 'SORT';
      readonly uid: boolean;
      readonly returns: readonly SearchReturn[] | undefined;
      readonly criteria: readonly SortCriterion[];
      readonly key: SearchKey;
    }
  | {
      readonly name: 'THREAD';
      readonly uid: boolean;
      readonly algorithm: ThreadAlgorithm;
      readonly key: SearchKey;
    }
  | {
      readonly name: 'FETCH';
      readonly uid: boolean;
      readonly set: SequenceSet;
      readonly items: readonly FetchItem[];
      readonly changedSince?: number;
      readonly vanished?: boolean;
    }
  | {
      readonly name: 'STORE';
      readonly uid: boolean;
      readonly set: SequenceSet;
      readonly how: StoreHow;
      readonly silent: boolean;
      readonly flags: readonly string[];
      readonly unchangedSince?: number;
    }
  | {
      readonly name: 'COPY' | 'MOVE';
      readonly uid: boolean;
      readonly set: SequenceSet;
      readonly mailbox: string;
    }
  /** Null is NIL. */
  | { readonly name: 'ID'; readonly fields: ReadonlyMap<string, string | null> | null }
  | { readonly name: 'ENABLE'; readonly capabilities: readonly string[] }
  | { readonly name: 'COMPRESS'; readonly mechanism: string }
  | { readonly name: 'GETQUOTA'; readonly root: string }
  | {
      readonly name: 'SETQUOTA';
      readonly root: string;
      readonly limits: ReadonlyMap<string, number>;
    };

export type CommandName = CommandBody['name'];

export type Command = CommandBody & { readonly tag: string };

/** The command of a name. */
export type Of<N extends CommandName> = Naming<CommandBody, N>;

type Naming<B extends CommandBody, N> = B extends CommandBody
  ? N extends B['name']
    ? B
    : never
  : never;

/** How a command ended, or how the server is doing (RFC 9051 §7.1). */
export type Status = 'OK' | 'NO' | 'BAD' | 'PREAUTH' | 'BYE';
