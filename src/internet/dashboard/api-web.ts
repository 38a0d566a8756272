/** What is said between the page of the Web and its internet (see api.ts for the addresses). */
import type { CacheStatistics, EntryView, PurgeTarget } from '../../cache/index.ts';
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

/** Who holds which cookie, on both sides. Times are milliseconds since 1970. */
export interface CookiesView {
  readonly now: number;
  readonly users: readonly UserCookiesView[];
  readonly sites: readonly SiteVisitorsView[];
}

export interface UserCookiesView {
  readonly host: string;
  readonly running: boolean;
  /** `block`: sites that are embedded in other sites get no cookies and set none. */
  readonly thirdParty: 'allow' | 'block';
  readonly cookies: readonly CookieView[];
  /** What servers wanted to be kept, and what became of it; the latest first. */
  readonly heard: readonly HeardCookieView[];
}

export interface CookieView {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** Goes back to this very host only. */
  readonly hostOnly: boolean;
  readonly path: string;
  readonly created: number;
  /** Absent: it ends with the session. */
  readonly expires?: number;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: 'strict' | 'lax' | 'none' | 'default';
  /** Whose answer set it, and on which page that was; absent for one of an earlier day. */
  readonly setBy?: { readonly url: string; readonly page?: string };
  /** The entry that belongs to it in the database of a site. */
  readonly entry?: string;
}

export interface HeardCookieView {
  readonly at: number;
  readonly name: string;
  readonly url: string;
  /** The page that asked for that; absent when the user did. */
  readonly page?: string;
  readonly outcome: 'stored' | 'replaced' | 'deleted' | 'refused';
  /** Of a refusal. */
  readonly why?: string;
  readonly spec?: string;
}

export interface SiteVisitorsView {
  readonly host: string;
  readonly app: string;
  /** The names of the site. */
  readonly names: readonly string[];
  /** How identifiers stand in its cookies. */
  readonly sealed: 'plain' | 'signed' | 'encrypted';
  /** The visitors seen last, first. */
  readonly entries: readonly SiteEntryView[];
}

export interface SiteEntryView {
  readonly id: string;
  readonly created: number;
  readonly seen: number;
  readonly expires: number;
  /** What the site knows: JSON. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface ThirdPartyRequest {
  readonly thirdParty: 'allow' | 'block';
}

/** One cookie, or all of them. */
export type ForgetCookieRequest =
  | Pick<CookieView, 'name' | 'domain' | 'path' | 'hostOnly'>
  | { readonly all: true };

/** What the proxy of a host keeps, and what it has done so far. */
export interface ProxyView {
  readonly host: string;
  /** The hosts whose users ask it for pages. */
  readonly users: readonly string[];
  readonly statistics: CacheStatistics;
  /** The newest first; before them what is being received. */
  readonly entries: readonly EntryView[];
  /** How many the purge that was asked for has found. */
  readonly purged?: number;
}

/** One URL, all that begin so, all that carry a tag, or everything; softly, they are validated before their next use. */
export type PurgeRequest = (PurgeTarget | { readonly all: true }) & { readonly soft?: boolean };
