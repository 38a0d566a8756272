/** What an authoritative server asks its data, wherever these are kept. */
import type {
  CnameRecord,
  DnameRecord,
  Name,
  QueryType,
  RecordType,
  ResourceRecord,
  SoaRecord,
} from '../types.ts';

/** All records of one name and type (RFC 2181 §5). */
export interface RRset {
  readonly name: Name;
  readonly type: RecordType;
  readonly records: readonly ResourceRecord[];
}

/** What a zone says to a question, by the cases of RFC 1034 §4.3.2. */
export type ZoneAnswer =
  | { readonly kind: 'answer'; readonly records: readonly ResourceRecord[] }
  | { readonly kind: 'alias'; readonly record: CnameRecord }
  /** The name lies below a DNAME, which leads elsewhere (RFC 6672). */
  | { readonly kind: 'dname'; readonly record: DnameRecord }
  /** The name is in a zone of its own: ask `ns`. */
  | { readonly kind: 'referral'; readonly ns: RRset }
  /** The name exists, maybe only as the parent of others, but has nothing of the type. */
  | { readonly kind: 'nodata' }
  | { readonly kind: 'nxdomain' }
  /** The zone is ours, but there are no data, or none that may still be given (RFC 1035 §4.3.5). */
  | { readonly kind: 'unavailable'; readonly why: string };

export interface Zone {
  readonly origin: Name;
  readonly soa: SoaRecord;
  /** The SOA as negative answers carry it: with the TTL of RFC 2308 §3. */
  readonly negativeSoa: SoaRecord;
  /** Answers for `name`, which is within the zone; the records bear the name as it was asked. */
  lookup(name: Name, type: QueryType): ZoneAnswer;
  /** One RRset wherever it stands, glue below a cut included. */
  rrset(name: Name, type: RecordType): RRset | undefined;
  /** All records, the SOA first. */
  records(): Iterable<ResourceRecord>;
}

export interface ZoneStore {
  /** The zone nearest to a name: that with the longest origin which the name is within. */
  find(name: Name): Zone | undefined;
  zones(): Iterable<Zone>;
  /** Grows with each change of any zone; without it no reply is used twice. */
  readonly version?: number;
}
