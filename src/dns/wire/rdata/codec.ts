import { badMessage } from '../../errors.ts';
import type { KnownType, Name, RecordBase, RecordClass, ResourceRecord } from '../../types.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import type { Kind, Words } from './fields.ts';

/** What every record says before its RDATA. */
export interface Owner {
  readonly name: Name;
  readonly class: RecordClass;
  readonly ttl: number;
}

/** One element of a record: the property that holds it, what it is, and where that is written. */
export interface Element {
  readonly property: string;
  readonly kind: Kind<unknown>;
}

/** One type of record: its elements in the order of the wire. */
export interface RdataCodec {
  readonly type: KnownType;
  readonly spec: string;
  readonly elements: readonly Element[];
  /** Reads the RDATA that ends at `end`; leaves the reader where it stopped. */
  decode(owner: Owner, reader: Reader, end: number): ResourceRecord;
  encode(record: ResourceRecord, writer: Writer): void;
  parse(owner: Owner, words: Words): ResourceRecord;
  format(record: ResourceRecord): string;
}

type Data<T extends KnownType> = Omit<
  Extract<ResourceRecord, { type: T }>,
  keyof RecordBase | 'type'
>;

/**
 * Defines a type of record by its elements: `defineRdata('MX', 'RFC 1035 §3.3.9', { preference: u16,
 * exchange: name })`. The order of the properties is that of the wire.
 */
export function defineRdata<T extends KnownType>(
  type: T,
  spec: string,
  kinds: { readonly [K in keyof Data<T>]: Kind<Data<T>[K]> },
): RdataCodec {
  const elements = Object.entries(kinds).map(([property, kind]) => {
    return { property, kind: kind as Kind<unknown> };
  });
  return {
    type,
    spec,
    elements,
    decode: (owner, reader, end) => make(type, owner, elements, (kind) => kind.decode(reader, end)),
    encode(record, writer) {
      const values = record as unknown as Readonly<Record<string, unknown>>;
      for (const { property, kind } of elements) kind.encode(writer, values[property]);
    },
    parse: (owner, words) => make(type, owner, elements, (kind) => kind.parse(words)),
    format(record) {
      const values = record as unknown as Readonly<Record<string, unknown>>;
      const words = elements.map(({ property, kind }) => kind.format(values[property]));
      return words.filter((word) => word !== '').join(' ');
    },
  };
}

function make(
  type: KnownType,
  owner: Owner,
  elements: readonly Element[],
  value: (kind: Kind<unknown>) => unknown,
): ResourceRecord {
  const record: Record<string, unknown> = {
    name: owner.name,
    type,
    class: owner.class,
    ttl: owner.ttl,
  };
  for (const element of elements) record[element.property] = value(element.kind);
  return record as unknown as ResourceRecord;
}

/** Reads RDATA with a codec and holds it to its length (RFC 1035 §3.2.1). */
export function decodeRdata(
  codec: RdataCodec,
  owner: Owner,
  reader: Reader,
  end: number,
): ResourceRecord {
  const start = reader.at;
  const record = codec.decode(owner, reader, end);
  if (reader.at === end) return record;
  throw badMessage(
    'DNS_BAD_RDLENGTH',
    `the RDATA of ${codec.type} takes ${reader.at - start} bytes, its RDLENGTH says ${end - start}`,
    'RFC 1035 §3.2.1',
    start - 2,
  );
}
