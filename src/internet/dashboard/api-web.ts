/** What is said between the page of the Web and its internet (see api.ts for the addresses). */
import type { PageMode } from '../../page/index.ts';
import type { Field } from '../../trace/index.ts';
import type { ByHandEnd } from '../by-hand.ts';

export interface PageTimesRequest {
  /** The round trip, in ms. */
  readonly rttMs: number;
  /** Bits a second. */
  readonly rate: number;
  /** Beside the base file. */
  readonly objects: number;
  /** Bytes of the base file and of each object. */
  readonly size: number;
  /** How many connections `parallel` opens. */
  readonly connections: number;
  readonly slowStart: boolean;
}

export interface PageTimesView {
  readonly rows: readonly PageTimesRowView[];
}

export interface PageTimesRowView {
  readonly mode: PageMode;
  /** With the bytes of the files alone; absent where the course has no closed form. */
  readonly formula?: { readonly text: string; readonly ms: number } | undefined;
  /** The same with the heads of the answers. */
  readonly withHeadsMs?: number | undefined;
  readonly measuredMs: number;
}

export interface ByHandRequest {
  /** The host whose user types. */
  readonly host: string;
  /** A host of the internet, a domain name or an address. */
  readonly to: string;
  readonly port: number;
  /** Sent as it stands, in UTF-8. */
  readonly text: string;
}

export interface ByHandView {
  /** What was said came after this message. */
  readonly after: number;
  readonly from: string;
  readonly to: string;
  readonly connectMs: number;
  /** From the sending to the first and to the last byte of the answer; absent where nothing came. */
  readonly firstByteMs?: number;
  readonly lastByteMs?: number;
  /** Base64; shorter than `length` where more came than is kept. */
  readonly bytes: string;
  readonly length: number;
  readonly replies: readonly ByHandReplyView[];
  readonly end: ByHandEnd;
}

export interface ByHandReplyView {
  /** Where it begins in the bytes. */
  readonly start: number;
  readonly length: number;
  readonly summary: string;
  /** Their bytes are counted from the start of the reply. */
  readonly fields: readonly Field[];
}
