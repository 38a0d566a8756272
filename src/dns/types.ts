/** What DNS speaks about: names, records, questions, messages. */
import type { Address } from '../lib/endpoint.ts';

/**
 * An absolute domain name as text with its final dot: `www.campus.edu.`, the root is `.`. Bytes that
 * text can't show are escaped as in master files (`\.`, `\032`; RFC 1035 §5.1), so a Name is printable
 * ASCII always. Case is kept, and ignored in comparing (RFC 4343): compare `nameKey(name)`.
 */
export type Name = string;

/** Types whose RDATA is known here; any other is `TYPE` and its number (RFC 3597 §5). */
export type KnownType =
  | 'A'
  | 'NS'
  | 'CNAME'
  | 'SOA'
  | 'PTR'
  | 'HINFO'
  | 'MX'
  | 'TXT'
  | 'RP'
  | 'AAAA'
  | 'SRV'
  | 'NAPTR'
  | 'DNAME'
  | 'DS'
  | 'SSHFP'
  | 'RRSIG'
  | 'NSEC'
  | 'DNSKEY'
  | 'NSEC3'
  | 'NSEC3PARAM'
  | 'TLSA'
  | 'SVCB'
  | 'HTTPS'
  | 'CAA';
export type UnknownType = `TYPE${number}`;
export type RecordType = KnownType | UnknownType;

/** What can be asked for: a type of record, or one of the QTYPEs of RFC 1035 §3.2.3. */
export type QueryType = RecordType | 'ANY' | 'AXFR' | 'IXFR';

export type RecordClass = 'IN' | 'CH' | 'HS' | 'NONE' | 'ANY' | `CLASS${number}`;

export type Opcode = 'QUERY' | 'IQUERY' | 'STATUS' | 'NOTIFY' | 'UPDATE' | `OPCODE${number}`;

export type Rcode =
  | 'NOERROR'
  | 'FORMERR'
  | 'SERVFAIL'
  | 'NXDOMAIN'
  | 'NOTIMP'
  | 'REFUSED'
  | 'YXDOMAIN'
  | 'YXRRSET'
  | 'NXRRSET'
  | 'NOTAUTH'
  | 'NOTZONE'
  | 'BADVERS'
  | 'BADCOOKIE'
  | `RCODE${number}`;

/** What every record has (RFC 1035 §3.2.1). `ttl` in seconds, 0 to 2^31 - 1 (RFC 2181 §8). */
export interface RecordBase {
  readonly name: Name;
  readonly class: RecordClass;
  readonly ttl: number;
}

export interface ARecord extends RecordBase {
  readonly type: 'A';
  readonly address: Address;
}

export interface AaaaRecord extends RecordBase {
  readonly type: 'AAAA';
  readonly address: Address;
}

export interface NsRecord extends RecordBase {
  readonly type: 'NS';
  readonly target: Name;
}

export interface CnameRecord extends RecordBase {
  readonly type: 'CNAME';
  readonly target: Name;
}

export interface PtrRecord extends RecordBase {
  readonly type: 'PTR';
  readonly target: Name;
}

export interface MxRecord extends RecordBase {
  readonly type: 'MX';
  readonly preference: number;
  readonly exchange: Name;
}

export interface SoaRecord extends RecordBase {
  readonly type: 'SOA';
  readonly primary: Name;
  /** The mailbox of who is responsible, its `@` written as a dot. */
  readonly mailbox: Name;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  /** The TTL of negative answers (RFC 2308 §4). */
  readonly minimum: number;
}

export interface TxtRecord extends RecordBase {
  readonly type: 'TXT';
  /** Each character-string, one code unit a byte. */
  readonly strings: readonly string[];
}

/** Where a service is (RFC 2782). */
export interface SrvRecord extends RecordBase {
  readonly type: 'SRV';
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: Name;
}

/** Who may issue certificates (RFC 8659). */
export interface CaaRecord extends RecordBase {
  readonly type: 'CAA';
  readonly flags: number;
  readonly tag: string;
  readonly value: string;
}

/** One rewriting rule (RFC 3403). */
export interface NaptrRecord extends RecordBase {
  readonly type: 'NAPTR';
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  readonly services: string;
  readonly regexp: string;
  readonly replacement: Name;
}

/** One SvcParam; its value as on the wire (RFC 9460 §2.2). */
export interface SvcParam {
  readonly key: number;
  readonly value: Uint8Array;
}

interface ServiceBinding extends RecordBase {
  /** 0: an alias of `target`. */
  readonly priority: number;
  readonly target: Name;
  /** In the order of their keys. */
  readonly params: readonly SvcParam[];
}

/** Where, and how, a service is reached (RFC 9460). */
export interface SvcbRecord extends ServiceBinding {
  readonly type: 'SVCB';
}

export interface HttpsRecord extends ServiceBinding {
  readonly type: 'HTTPS';
}

/** Everything below the owner is to be found below the target (RFC 6672). */
export interface DnameRecord extends RecordBase {
  readonly type: 'DNAME';
  readonly target: Name;
}

export interface DsRecord extends RecordBase {
  readonly type: 'DS';
  readonly keyTag: number;
  readonly algorithm: number;
  readonly digestType: number;
  readonly digest: Uint8Array;
}

export interface DnskeyRecord extends RecordBase {
  readonly type: 'DNSKEY';
  readonly flags: number;
  readonly protocol: number;
  readonly algorithm: number;
  readonly key: Uint8Array;
}

export interface RrsigRecord extends RecordBase {
  readonly type: 'RRSIG';
  readonly covered: RecordType;
  readonly algorithm: number;
  readonly labels: number;
  readonly originalTtl: number;
  /** Seconds since 1970, modulo 2^32. */
  readonly expiration: number;
  readonly inception: number;
  readonly keyTag: number;
  readonly signer: Name;
  readonly signature: Uint8Array;
}

export interface NsecRecord extends RecordBase {
  readonly type: 'NSEC';
  readonly next: Name;
  readonly types: readonly RecordType[];
}

export interface Nsec3Record extends RecordBase {
  readonly type: 'NSEC3';
  readonly algorithm: number;
  readonly flags: number;
  readonly iterations: number;
  readonly salt: Uint8Array;
  /** The hash of the next name. */
  readonly next: Uint8Array;
  readonly types: readonly RecordType[];
}

export interface Nsec3paramRecord extends RecordBase {
  readonly type: 'NSEC3PARAM';
  readonly algorithm: number;
  readonly flags: number;
  readonly iterations: number;
  readonly salt: Uint8Array;
}

/** The certificate of a service, or its key (RFC 6698). */
export interface TlsaRecord extends RecordBase {
  readonly type: 'TLSA';
  readonly usage: number;
  readonly selector: number;
  readonly matching: number;
  readonly certificate: Uint8Array;
}

export interface HinfoRecord extends RecordBase {
  readonly type: 'HINFO';
  readonly cpu: string;
  readonly os: string;
}

/** Who is responsible for a host: a mailbox, and the name of a TXT record (RFC 1183 §2.2). */
export interface RpRecord extends RecordBase {
  readonly type: 'RP';
  readonly mailbox: Name;
  readonly text: Name;
}

/** The fingerprint of a host's SSH key (RFC 4255). */
export interface SshfpRecord extends RecordBase {
  readonly type: 'SSHFP';
  readonly algorithm: number;
  readonly fingerprintType: number;
  readonly fingerprint: Uint8Array;
}

/** A record of a type that is not known here: its RDATA stays as it came (RFC 3597). */
export interface UnknownRecord extends RecordBase {
  readonly type: UnknownType;
  readonly data: Uint8Array;
}

export type ResourceRecord =
  | ARecord
  | AaaaRecord
  | NsRecord
  | CnameRecord
  | PtrRecord
  | MxRecord
  | SoaRecord
  | TxtRecord
  | SrvRecord
  | CaaRecord
  | NaptrRecord
  | SvcbRecord
  | HttpsRecord
  | DnameRecord
  | DsRecord
  | DnskeyRecord
  | RrsigRecord
  | NsecRecord
  | Nsec3Record
  | Nsec3paramRecord
  | TlsaRecord
  | HinfoRecord
  | RpRecord
  | SshfpRecord
  | UnknownRecord;

export interface Question {
  readonly name: Name;
  readonly type: QueryType;
  readonly class: RecordClass;
}

export interface EdnsOption {
  readonly code: number;
  readonly data: Uint8Array;
}

/** What the OPT record says (RFC 6891 §6.1); it has no place among the additional records. */
export interface Edns {
  readonly version: number;
  /** The largest UDP payload that its sender can take. */
  readonly udpSize: number;
  /** DO: DNSSEC records are welcome (RFC 3225). */
  readonly dnssecOk: boolean;
  readonly options: readonly EdnsOption[];
}

/** One message (RFC 1035 §4.1). `rcode` is whole: the header's four bits and those of EDNS. */
export interface Message {
  readonly id: number;
  /** QR */
  readonly response: boolean;
  readonly opcode: Opcode;
  /** AA */
  readonly authoritative: boolean;
  /** TC */
  readonly truncated: boolean;
  /** RD */
  readonly recursionDesired: boolean;
  /** RA */
  readonly recursionAvailable: boolean;
  /** AD and CD (RFC 4035 §3.2, §4.6) */
  readonly authenticData: boolean;
  readonly checkingDisabled: boolean;
  readonly rcode: Rcode;
  readonly questions: readonly Question[];
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
  readonly additionals: readonly ResourceRecord[];
  readonly edns?: Edns;
}
