/** An internet as a scenario file describes it: checked, with all quantities in ms and bit/s. */
import type { Address } from '../../lib/endpoint.ts';
import type { LossRule } from '../../ping/index.ts';
import type { SiteApp } from '../../sites/index.ts';

export interface Scenario {
  readonly title: string;
  readonly about?: string | undefined;
  /** The /16 that the addresses are written in; another free one may be taken at start. */
  readonly network: string;
  readonly places: Readonly<Record<string, PlacePlan>>;
  readonly hosts: Readonly<Record<string, HostPlan>>;
  /** Zone files as text, by the name of the zone. */
  readonly zones?: Readonly<Record<string, string>> | undefined;
  /** Whom the names belong to that the zones of registries delegate: `campus.edu`. */
  readonly registrations?: Readonly<Record<string, OwnerPlan>> | undefined;
  readonly links?: readonly LinkPlan[] | undefined;
}

export interface OwnerPlan {
  readonly owner: string;
  readonly organisation?: string | undefined;
  readonly email?: string | undefined;
}

export interface PlacePlan {
  readonly title: string;
  /** Column and row on the map. */
  readonly at: readonly [number, number];
  /** One way from the place to the core, added to that of its hosts. */
  readonly latency?: number | undefined;
}

export interface HostPlan {
  readonly title?: string | undefined;
  readonly place: string;
  readonly address: Address;
  readonly up?: number | undefined;
  readonly down?: number | undefined;
  readonly latency?: number | undefined;
  /** The host whose resolver this one asks. */
  readonly resolver?: string | undefined;
  /** The host whose proxy the user here asks for pages. */
  readonly proxy?: string | undefined;
  /** Where the user here has mail. */
  readonly mail?: MailboxPlan | undefined;
  readonly services?: Services | undefined;
  /** What it does by itself in a simulated run. */
  readonly script?: readonly ScriptStep[] | undefined;
}

export interface Services {
  readonly dns?:
    | { readonly zones: readonly string[]; readonly port?: number | undefined }
    | undefined;
  readonly resolver?: { readonly port?: number | undefined } | undefined;
  readonly http?: HttpPlan | undefined;
  /** The sites of the http service, over TLS. */
  readonly https?: HttpsPlan | undefined;
  readonly proxy?: ProxyPlan | undefined;
  readonly ping?: PingPlan | undefined;
  readonly telnet?: { readonly port?: number | undefined } | undefined;
  /** Registers names in a zone that this host serves: RDAP and commands of registrars over HTTP. */
  readonly registry?: { readonly zone: string; readonly port?: number | undefined } | undefined;
  /** Answers for the registry of this host; without one it refers to those that there are. */
  readonly whois?: { readonly port?: number | undefined } | undefined;
  /** The file that tells which RDAP service knows which top-level domain. */
  readonly bootstrap?: { readonly port?: number | undefined } | undefined;
  readonly registrar?: RegistrarPlan | undefined;
  /** Mailboxes, the queue, and the relay on port 25. */
  readonly mail?: MailPlan | undefined;
  /** Further doors to the mail of this host. */
  readonly submission?: DoorPlan | undefined;
  readonly submissions?: DoorPlan | undefined;
  readonly pop3?: DoorPlan | undefined;
  readonly pop3s?: DoorPlan | undefined;
  readonly imap?: DoorPlan | undefined;
  readonly imaps?: DoorPlan | undefined;
  /** Mail in a browser, and JMAP. */
  readonly webmail?: DoorPlan | undefined;
}

export interface DoorPlan {
  readonly port?: number | undefined;
}

export interface MailPlan {
  /** Whose mail ends here. */
  readonly domains: readonly string[];
  /** What it calls itself; default: `mail.` and the first domain. */
  readonly hostname?: string | undefined;
  readonly accounts: Readonly<Record<string, MailAccountPlan>>;
  /** Names that stand for others. */
  readonly aliases?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Passwords may be said without TLS. */
  readonly plaintext?: boolean | undefined;
  /** False: neither offered nor asked for, so that all that is said can be read on the wire. */
  readonly tls?: boolean | undefined;
  readonly retry?: RetryPlan | undefined;
  /** Messages a minute from one address. */
  readonly rate?: number | undefined;
  /** Who comes for the first time is asked to come again after this. Milliseconds. */
  readonly greylist?: number | undefined;
  readonly port?: number | undefined;
}

export interface MailAccountPlan {
  readonly password: string;
  /** The person. */
  readonly title?: string | undefined;
  /** Beside its name at each domain. */
  readonly addresses?: readonly string[] | undefined;
  /** Bytes. */
  readonly quota?: number | undefined;
  /** A folder of .eml files, relative to the scenario file, that a new account finds. */
  readonly messages?: string | undefined;
}

/** Milliseconds. */
export interface RetryPlan {
  readonly first?: number | undefined;
  readonly most?: number | undefined;
  /** When the sender hears that it takes long. */
  readonly notice?: number | undefined;
  readonly expiry?: number | undefined;
}

export interface MailboxPlan {
  /** The host that keeps it. */
  readonly server: string;
  readonly account: string;
}

export interface RegistrarPlan {
  /** Its web sites by name: each is a registrar of its own. */
  readonly sites: Readonly<Record<string, RegistrarSitePlan>>;
  /** The name of this host's name server, for zones that it serves for customers. */
  readonly nameServer?: string | undefined;
  readonly port?: number | undefined;
}

export interface RegistrarSitePlan {
  /** The account at every registry. */
  readonly id: string;
  readonly name: string;
  readonly secret: string;
}

export interface HttpPlan {
  /** Each site by its name: a folder, relative to the scenario file, or one of ours that runs. */
  readonly sites: Readonly<Record<string, string | AppPlan>>;
  /** What caches are told of the files: `max-age=60`. */
  readonly cacheControl?: string | undefined;
  readonly port?: number | undefined;
}

export interface HttpsPlan {
  /** Sites that plain HTTP only sends on to TLS. */
  readonly only?: readonly string[] | undefined;
  readonly port?: number | undefined;
}

/** A forward proxy with a cache. */
export interface ProxyPlan {
  /** Bytes that its cache may hold. */
  readonly maxSize?: number | undefined;
  readonly port?: number | undefined;
}

/** A demonstration site, with a database of its own. Names with the same `app` on one host are one site. */
export interface AppPlan {
  readonly app: SiteApp;
  /** How identifiers stand in cookies; default: as they are. */
  readonly cookies?: 'signed' | 'encrypted' | undefined;
  /** The newest first: it seals, and all open. */
  readonly keys?: readonly { readonly id: string; readonly secret: string }[] | undefined;
}

export interface PingPlan {
  readonly port?: number | undefined;
  readonly loss?: LossRule | undefined;
  readonly delay?: number | undefined;
}

/** One of `get`, `ping`, `lookup`, `send` and `read` at a time, `count` times, `every` so often. */
export interface ScriptStep {
  readonly at: number;
  readonly get?: string | undefined;
  readonly ping?: string | undefined;
  readonly lookup?: string | undefined;
  readonly send?: LetterPlan | undefined;
  /** Looks whether there is new mail. */
  readonly read?: 'pop3' | 'imap' | undefined;
  readonly count?: number | undefined;
  readonly every?: number | undefined;
}

export interface LinkPlan {
  readonly between: readonly [string, string];
  readonly latency?: number | undefined;
  readonly jitter?: number | undefined;
  readonly loss?: number | undefined;
  readonly reorder?: number | undefined;
  readonly duplicate?: number | undefined;
}

/** A message that a user writes. */
export interface LetterPlan {
  readonly to: string | readonly string[];
  readonly subject: string;
  readonly text: string;
}
