/** What is said in JMAP (RFC 8620). */

/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** A method call, or its answer (RFC 8620 §3.2). */
export interface Invocation {
  readonly name: string;
  readonly args: JsonObject;
  /** Given by the client, to tell answers apart. */
  readonly id: string;
}

/** RFC 8620 §3.3. */
export interface ApiRequest {
  readonly using: readonly string[];
  readonly calls: readonly Invocation[];
  /** Ids of what was made, by the names that clients gave them. */
  readonly createdIds: ReadonlyMap<string, string> | undefined;
}

/** Arguments of `/get` (§5.1). */
export interface GetRequest {
  /** Undefined: all there are. */
  readonly ids: readonly string[] | undefined;
  /** Undefined: the usual ones. */
  readonly properties: readonly string[] | undefined;
}

/** Arguments of `/changes` (§5.2). */
export interface ChangesRequest {
  readonly sinceState: string;
  readonly maxChanges: number | undefined;
}

/** Arguments of `/set` (§5.3). */
export interface SetRequest {
  readonly ifInState: string | undefined;
  readonly create: ReadonlyMap<string, JsonObject>;
  readonly update: ReadonlyMap<string, JsonObject>;
  readonly destroy: readonly string[];
}

export type Filter<Condition> =
  | {
      readonly operator: 'AND' | 'OR' | 'NOT';
      readonly conditions: readonly Filter<Condition>[];
    }
  | { readonly condition: Condition };

export interface Comparator {
  readonly property: string;
  readonly isAscending: boolean;
  readonly keyword: string | undefined;
}

/** Which part of a list is wanted (§5.5). */
export interface WindowRequest {
  readonly position: number;
  readonly anchor: string | undefined;
  readonly anchorOffset: number;
  readonly limit: number | undefined;
  readonly calculateTotal: boolean;
}

export interface QueryRequest<Condition> extends WindowRequest {
  readonly filter: Filter<Condition> | undefined;
  readonly sort: readonly Comparator[];
}

export interface QueryChangesRequest<Condition> {
  readonly filter: Filter<Condition> | undefined;
  readonly sort: readonly Comparator[];
  readonly sinceQueryState: string;
  readonly maxChanges: number | undefined;
  readonly calculateTotal: boolean;
}

/** RFC 8621 §4.4.1. All that is said must hold. */
export interface EmailCondition {
  readonly inMailbox?: string;
  readonly inMailboxOtherThan?: readonly string[];
  /** Milliseconds since 1970. */
  readonly before?: number;
  readonly after?: number;
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly allInThreadHaveKeyword?: string;
  readonly someInThreadHaveKeyword?: string;
  readonly noneInThreadHaveKeyword?: string;
  readonly hasKeyword?: string;
  readonly notKeyword?: string;
  readonly hasAttachment?: boolean;
  readonly text?: string;
  readonly from?: string;
  readonly to?: string;
  readonly cc?: string;
  readonly bcc?: string;
  readonly subject?: string;
  readonly body?: string;
  readonly header?: readonly [name: string, text: string | undefined];
}

/** RFC 8621 §2.3. */
export interface MailboxCondition {
  readonly parentId?: string | null;
  readonly name?: string;
  readonly role?: string | null;
  readonly hasAnyRole?: boolean;
  readonly isSubscribed?: boolean;
}

/** RFC 8621 §7.3. */
export interface SubmissionCondition {
  readonly identityIds?: readonly string[];
  readonly emailIds?: readonly string[];
  readonly threadIds?: readonly string[];
  readonly undoStatus?: string;
  readonly before?: number;
  readonly after?: number;
}

/** How a header field is read (RFC 8621 §4.1.2). */
export type HeaderForm =
  | 'asRaw'
  | 'asText'
  | 'asAddresses'
  | 'asGroupedAddresses'
  | 'asMessageIds'
  | 'asDate'
  | 'asURLs';

/** `header:List-Post:asURLs:all` (§4.1.3). */
export interface HeaderProperty {
  /** As it was asked for. */
  readonly property: string;
  readonly name: string;
  readonly form: HeaderForm;
  readonly all: boolean;
}

/** How bodies are asked for (§4.2). */
export interface BodyRequest {
  readonly bodyProperties: readonly string[];
  readonly fetchTextBodyValues: boolean;
  readonly fetchHTMLBodyValues: boolean;
  readonly fetchAllBodyValues: boolean;
  /** Octets; 0 is no limit. */
  readonly maxBodyValueBytes: number;
}

/** A part of a new message (§4.6). */
export interface NewPart {
  readonly type: string;
  /** Its text is among the body values, */
  readonly partId: string | undefined;
  /** or its octets are a blob. */
  readonly blobId: string | undefined;
  readonly charset: string | undefined;
  readonly disposition: 'inline' | 'attachment' | undefined;
  readonly name: string | undefined;
  readonly cid: string | undefined;
  readonly location: string | undefined;
  readonly subParts: readonly NewPart[] | undefined;
}

export interface NewAddress {
  readonly name: string;
  readonly email: string;
}

/** A new message, checked. */
export interface NewEmail {
  readonly mailboxIds: readonly string[];
  readonly keywords: readonly string[];
  /** Milliseconds since 1970. */
  readonly receivedAt: number | undefined;
  /** Addresses by the name of their field in lower case. */
  readonly addresses: ReadonlyMap<string, readonly NewAddress[]>;
  readonly subject: string | undefined;
  readonly sentAt: { readonly ms: number; readonly zone: number } | undefined;
  readonly messageId: string | undefined;
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  /** Other fields, as text. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly bodyValues: ReadonlyMap<string, string>;
  readonly bodyStructure: NewPart | undefined;
  readonly textBody: NewPart | undefined;
  readonly htmlBody: NewPart | undefined;
  readonly attachments: readonly NewPart[];
}

/** What a message may be changed to: all of it, or some (RFC 8620 §5.3). */
export interface EmailPatch {
  readonly mailboxIds: SetPatch | undefined;
  readonly keywords: SetPatch | undefined;
}

/** A set of names that is replaced, or has some added and some taken away. */
export type SetPatch =
  | { readonly type: 'replace'; readonly names: readonly string[] }
  | {
      readonly type: 'change';
      readonly add: readonly string[];
      readonly remove: readonly string[];
    };

/** RFC 8621 §7. */
export interface NewSubmission {
  readonly identityId: string;
  readonly emailId: string;
  readonly envelope: { readonly mailFrom: string; readonly rcptTo: readonly string[] } | undefined;
}
