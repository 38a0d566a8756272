/**
 * What the dashboard and the command line say to a running internet: JSON over HTTP, and
 * server-sent events. Types only; the pages in web/ share them.
 *
 *   GET  /api/internet                   InternetView
 *   GET  /api/messages?after=ID          MessagesView
 *   GET  /api/messages/ID                MessageView, 404 when it is not kept any more
 *   GET  /api/events                     server-sent events, each `data` a LiveEvent; the event id is the
 *                                        newest message; Last-Event-ID (or ?after=ID) resumes after it
 *   GET  /api/ladder?after=&notes=&fields=&bytes=&width=&colour=&follow=    text, as the command line shows it
 *   GET  /api/export/pcapng|ndjson|mermaid|txt                       a file
 *   GET  /api/names                      NamesView
 *   GET  /api/zones/ORIGIN               the zone as text, in the form of zone files; the root's at /api/zones/,
 *                                        which is what a URL makes of /api/zones/.
 *   GET  /api/caches/HOST                CacheView: what the resolver of a host remembers
 *   POST /api/caches/HOST/flush  FlushRequest ->  CacheView
 *   POST /api/registrars/SITE  RegistrationRequest ->  RegistrationView; a refusal keeps its code and its words
 *   POST /api/load    LoadRequest     ->  LoadView
 *   POST /api/page-times  PageTimesRequest  ->  PageTimesView: the ways of loading a page, computed and measured
 *   POST /api/by-hand  ByHandRequest  ->  ByHandView: a text sent as it is, and what came back
 *   GET  /api/proxies/HOST               ProxyView: what the proxy of a host keeps
 *   POST /api/proxies/HOST/purge  PurgeRequest  ->  ProxyView
 *   GET  /api/cookies                    CookiesView: users' jars, and the entries of sites
 *   POST /api/cookies/HOST/forget  ForgetCookieRequest  ->  CookiesView
 *   POST /api/cookies/HOST/third-party  ThirdPartyRequest  ->  CookiesView
 *   GET  /api/mail                       MailView: queues, mailboxes, and the list of messages
 *   GET  /api/letters/ID                 WayView: the way of the message with that Message-ID
 *   POST /api/letters/HOST  {to, subject, text}  ->  LetterSentView: written by the user at HOST
 *   ...  /api/mail/HOST/...              the interface of a mail host: src/mailhost/api/routes.ts
 *   POST /api/lookup  LookupRequest   ->  LookupView
 *   POST /api/ping    PingRequest     ->  PingView
 *   POST /api/hosts/NAME/stop|start   ->  HostView
 *   GET  /api/hosts/NAME/hosts-file      HostsFileView: its own names, which come before DNS
 *   POST /api/hosts/NAME/hosts-file  HostsFileView  ->  HostsFileView
 *   POST /api/clear                   ->  {}
 *
 * Every POST carries a JSON object. Errors: {"error": {"code", "message", "spec"?}} with a 4xx or 5xx.
 */
import type { Page, PageMode } from '../../page/index.ts';
import type { PingSummary } from '../../ping/index.ts';
import type { Answer, Command } from '../../registration/index.ts';
import type { Field, MessageLine } from '../../trace/index.ts';

export interface InternetView {
  readonly title: string;
  readonly about: string;
  readonly kind: 'real' | 'simulated';
  /** `127.20.0.0/16`. */
  readonly network: string;
  /** A sentence on which ports are used, and why. */
  readonly portsNote: string;
  /** Milliseconds since 1970 at which the clock of the run was 0. */
  readonly epoch: number;
  /** The clock of the run at this answer, in ms. */
  readonly now: number;
  /** The number of the newest message; 0 before the first. */
  readonly newest: number;
  readonly places: readonly PlaceView[];
  readonly hosts: readonly HostView[];
  /** Sites that a user can visit: `http://www.campus.edu/`. */
  readonly pages: readonly string[];
  /** Commands to try, with the addresses and ports of this machine. */
  readonly commands: readonly CommandView[];
}

export interface PlaceView {
  readonly id: string;
  readonly title: string;
  /** Column and row on the map, from 0. */
  readonly column: number;
  readonly row: number;
  /** One way to the core, in ms. */
  readonly latency: number;
}

export interface HostView {
  readonly name: string;
  readonly title: string;
  readonly place: string;
  readonly address: string;
  /** `user` has no services; the others are named by their first. */
  readonly role: 'user' | 'dns' | 'resolver' | 'http' | 'proxy' | 'ping' | 'telnet' | 'mail';
  readonly running: boolean;
  readonly services: readonly ServiceView[];
}

export interface ServiceView {
  readonly name: string;
  /** The port of the internet, and where the system carries it. */
  readonly port: number;
  readonly realAddress: string;
  readonly realPort: number;
}

export interface CommandView {
  readonly command: string;
  readonly about: string;
}

export interface MessagesView {
  readonly messages: readonly MessageLine[];
  /** The clock of the run, in ms. */
  readonly now: number;
}

export interface MessageView {
  readonly line: MessageLine;
  /** `127.20.1.10:40312`. */
  readonly fromEndpoint: string;
  readonly toEndpoint: string;
  /** When its first byte left, in ms. */
  readonly startedAt: number;
  readonly fields: readonly Field[];
  /** Base64; shorter than `line.length` when the message is too long to be kept whole. */
  readonly bytes: string;
}

export type LiveEvent =
  | { readonly type: 'messages'; readonly messages: readonly MessageLine[] }
  | { readonly type: 'updates'; readonly updates: readonly UpdateView[] }
  | { readonly type: 'host'; readonly host: HostView }
  | { readonly type: 'clear' };

/** A message that arrived, or was lost, after it had been told. */
export interface UpdateView {
  readonly id: number;
  readonly arrivedAt?: number;
  readonly lost?: string;
}

export interface LoadRequest {
  /** The host whose user asks. */
  readonly host: string;
  readonly url: string;
  /** Default: as browsers do. */
  readonly mode?: PageMode;
  /** The load as a HAR file too. */
  readonly har?: boolean;
}

export interface LoadView {
  readonly page: Page;
  /** The clock of the run when it was begun, in ms. */
  readonly startedAt: number;
  /** The messages of this load came after this one. */
  readonly after: number;
  /** HAR 1.2, to be written as JSON. */
  readonly har?: unknown;
}

export interface LookupRequest {
  readonly host: string;
  readonly name: string;
}

export interface LookupView {
  readonly addresses: readonly string[];
  readonly after: number;
}

export interface PingRequest {
  readonly host: string;
  /** A host of the internet, a domain name or an address. */
  readonly to: string;
  readonly count?: number;
}

export interface PingView {
  readonly summary: PingSummary;
  readonly after: number;
}

/** The tree of zones, and the resolvers. */
export interface NamesView {
  /** The root first, then by name from the right. */
  readonly zones: readonly ZoneView[];
  /** Hosts with a resolver. */
  readonly resolvers: readonly string[];
  readonly registrars: readonly RegistrarView[];
}

/** A shop for names. */
export interface RegistrarView {
  /** `www.registrar.com` */
  readonly site: string;
  readonly name: string;
  readonly host: string;
  /** Serves small zones for its customers; absent where they bring their own server. */
  readonly nameServer?: string;
  /** The top-level domains it registers in: `com`. */
  readonly zones: readonly string[];
}

export interface ZoneView {
  /** With its final dot: `campus.edu.`; the root is `.`. */
  readonly origin: string;
  /** The nearest zone above that is served here; absent for the root. */
  readonly parent?: string;
  /** The hosts that serve it; those that are switched off keep their copy. */
  readonly servers: readonly ZoneServerView[];
  readonly records: number;
  /** How many names below it are delegated away. */
  readonly delegations: number;
}

export interface ZoneServerView {
  readonly host: string;
  readonly running: boolean;
  /** Of its copy, or of the last that it had. */
  readonly serial: number;
}

export interface CacheView {
  readonly host: string;
  /** The clock of the run at this answer, in ms: lifetimes count down from here. */
  readonly now: number;
  readonly entries: readonly CacheEntryView[];
}

export interface CacheEntryView {
  readonly name: string;
  /** Absent where the whole name was denied. */
  readonly type?: string;
  /** `nxdomain`: no such name; `nodata`: nothing of this type. */
  readonly denial?: 'nxdomain' | 'nodata';
  /** The data, one text for each record. */
  readonly data: readonly string[];
  /** Seconds that are left, of so many. */
  readonly left: number;
  readonly ttl: number;
  /** The host that said so. */
  readonly source: string;
  /** Given though its time is over, because nobody could be asked (RFC 8767). */
  readonly stale: boolean;
}

export interface FlushRequest {
  /** Only this name; default: everything. */
  readonly name?: string;
}

/** The list of names of one host: lines of an address and its names. */
export interface HostsFileView {
  readonly text: string;
}

export interface RegistrationRequest {
  /** The host whose user is the customer. */
  readonly host: string;
  readonly command: Command;
}

export interface RegistrationView {
  readonly answer: Answer;
  /** What was said between customer, registrar and registry came after this message. */
  readonly after: number;
}
