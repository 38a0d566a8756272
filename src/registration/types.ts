/** What a registry keeps, and what is asked of it. */
import type { Address } from '../lib/endpoint.ts';

/** A name as registries write it: lower-case letters, digits and hyphens, without a final dot. */
export type DomainName = string;

/** Who a domain belongs to. */
export interface Contact {
  readonly name: string;
  readonly organisation?: string;
  readonly email?: string;
}

/** Addresses (glue) are told for hosts within the domain itself, and only for these. */
export interface NameServer {
  readonly name: DomainName;
  readonly addresses: readonly Address[];
}

/** What the sponsoring registrar may set and take back (RFC 5731 §2.3). */
export type Lock =
  | 'clientDeleteProhibited'
  | 'clientHold'
  | 'clientRenewProhibited'
  | 'clientTransferProhibited'
  | 'clientUpdateProhibited';

export type Status = Lock | 'ok' | 'inactive' | 'serverHold' | 'pendingDelete';

/** One registered name. Times in milliseconds since 1970 (UTC). */
export interface Domain {
  readonly name: DomainName;
  /** The number of the object in its registry: `D7-COM`. */
  readonly handle: string;
  readonly registrant: Contact;
  /** The id of the sponsoring registrar. */
  readonly registrar: string;
  readonly created: number;
  readonly updated: number;
  readonly expires: number;
  readonly transferred?: number;
  /** When the sponsor asked to delete it. */
  readonly deleted?: number;
  readonly nameServers: readonly NameServer[];
  readonly locks: readonly Lock[];
  /** Who knows it may take the domain to another registrar (authInfo of RFC 5731 §2.6). */
  readonly authCode: string;
}

/** A registrar as a registry knows it. */
export interface RegistrarAccount {
  readonly id: string;
  readonly name: string;
  readonly secret: string;
  readonly url?: string;
}

interface OfName {
  readonly name: string;
}

export interface CheckCommand extends OfName {
  readonly command: 'check';
}

export interface InfoCommand extends OfName {
  readonly command: 'info';
}

export interface CreateCommand extends OfName {
  readonly command: 'create';
  readonly registrant: Contact;
  readonly years?: number;
  readonly nameServers?: readonly NameServer[];
  /** Asks the registrar, not the registry, to serve a small zone with these addresses. */
  readonly addresses?: readonly Address[];
}

export interface RenewCommand extends OfName {
  readonly command: 'renew';
  readonly years?: number;
  /** The day of the present expiry, `2027-01-31`: a renewal that is sent twice then counts once. */
  readonly expires?: string;
}

export interface TransferCommand extends OfName {
  readonly command: 'transfer';
  readonly code: string;
  readonly years?: number;
}

/** What is not named stays as it is. */
export interface UpdateCommand extends OfName {
  readonly command: 'update';
  readonly registrant?: Contact;
  readonly nameServers?: readonly NameServer[];
  readonly addresses?: readonly Address[];
  readonly lock?: readonly Lock[];
  readonly unlock?: readonly Lock[];
}

export interface DeleteCommand extends OfName {
  readonly command: 'delete';
}

export interface RestoreCommand extends OfName {
  readonly command: 'restore';
}

export interface ListCommand {
  readonly command: 'list';
}

export type Command =
  | CheckCommand
  | InfoCommand
  | CreateCommand
  | RenewCommand
  | TransferCommand
  | UpdateCommand
  | DeleteCommand
  | RestoreCommand
  | ListCommand;

/** A domain as it is told: dates as text (RFC 3339). The code only to its sponsor. */
export interface DomainView {
  readonly name: DomainName;
  readonly handle: string;
  readonly status: readonly Status[];
  readonly registrant: Contact;
  readonly registrar: string;
  readonly created: string;
  readonly updated: string;
  readonly expires: string;
  readonly nameServers: readonly NameServer[];
  /** Until when `restore` brings it back. */
  readonly restorableUntil?: string;
  readonly code?: string;
  /** Addresses in the zone that its registrar serves for it. */
  readonly addresses?: readonly Address[];
}

/** What is answered to a command that was carried out; a refusal is a RegistrationError. */
export interface Answer {
  /** 1000: done. 1001: accepted, and still pending (RFC 5730 §3). */
  readonly result: number;
  readonly message: string;
  readonly available?: boolean;
  /** Why a name is not to be had. */
  readonly reason?: string;
  readonly domain?: DomainView;
  readonly domains?: readonly DomainView[];
}
