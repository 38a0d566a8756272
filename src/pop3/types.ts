/** What is said in POP3 (RFC 1939 with RFC 2449). */

export type Command =
  | { readonly type: 'USER'; readonly name: string }
  | { readonly type: 'PASS'; readonly password: string }
  | { readonly type: 'APOP'; readonly name: string; readonly digest: string }
  /** Without a mechanism it asks which there are, as clients did before CAPA. */
  | {
      readonly type: 'AUTH';
      readonly mechanism: string | undefined;
      readonly initial: string | undefined;
    }
  | { readonly type: 'LIST'; readonly message: number | undefined }
  | { readonly type: 'UIDL'; readonly message: number | undefined }
  | { readonly type: 'RETR'; readonly message: number }
  | { readonly type: 'DELE'; readonly message: number }
  | { readonly type: 'TOP'; readonly message: number; readonly lines: number }
  | Alone<'CAPA' | 'STLS' | 'UTF8' | 'STAT' | 'NOOP' | 'RSET' | 'QUIT'>;

/** One type for each word, so that a switch tells them apart. */
type Alone<V> = V extends string ? { readonly type: V } : never;

export type Verb = Command['type'];

/** The first line of a response (RFC 1939 §3, RFC 2449 §3). */
export interface Response {
  readonly ok: boolean;
  /** What programs go by, as in `IN-USE` (RFC 2449 §8). */
  readonly code?: string;
  readonly text: string;
}

/** A message as a maildrop counts it. */
export interface Held {
  readonly uid: number;
  /** Bytes. */
  readonly size: number;
}

/** A message as a client is told of it. */
export interface Listed {
  /** Good for this session. */
  readonly number: number;
  readonly size: number;
}

/** Keyword in capitals to its parameters (RFC 2449 §5). */
export type Capabilities = ReadonlyMap<string, readonly string[]>;
