/** An answer of FETCH (RFC 9051 §7.5.2), as a client reads it. */
import type { Section } from '../types.ts';
import { type BodyPart, parseBodyStructure, skipValue } from './body-structure.ts';
import { parseDateTime } from './date.ts';
import { type Envelope, parseEnvelope } from './envelope.ts';
import { parseSection, sectionText } from './fetch.ts';
import type { Scanner } from './scanner.ts';

/** What was told of a message; what was not asked for is undefined. */
export interface FetchedMessage {
  /** Its number at that time. */
  readonly number: number;
  uid?: number;
  flags?: readonly string[];
  /** INTERNALDATE, in milliseconds since 1970. */
  received?: number;
  size?: number;
  modSeq?: number;
  envelope?: Envelope;
  structure?: BodyPart;
  /** By section as in `BODY[1.2]`, in capitals, RFC822 under its own name; null where there is none. A part of it begins at `offsets`. */
  readonly bodies: ReadonlyMap<string, Uint8Array | null>;
  readonly offsets: ReadonlyMap<string, number>;
  /** BINARY.SIZE by part. */
  readonly sizes: ReadonlyMap<string, number>;
}

interface Reading extends FetchedMessage {
  readonly bodies: Map<string, Uint8Array | null>;
  readonly offsets: Map<string, number>;
  readonly sizes: Map<string, number>;
}

export function parseFetchResponse(scanner: Scanner, number: number): FetchedMessage {
  const message: Reading = { number, bodies: new Map(), offsets: new Map(), sizes: new Map() };
  scanner.list(() => parseData(scanner, message), 0);
  return message;
}

function parseData(scanner: Scanner, message: Reading): void {
  const name = /^[\w.-]*/.exec(scanner.text.slice(scanner.at, scanner.at + 40))?.[0].toUpperCase();
  if (!name) throw scanner.fault('what was fetched');
  scanner.at += name.length;
  if (scanner.peek === '[') {
    parseOctets(scanner, name, message);
    return;
  }
  scanner.space();
  const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (read) read(scanner, message);
  else skipValue(scanner);
}

const READERS: Readonly<Record<string, (scanner: Scanner, message: Reading) => void>> = {
  FLAGS: (scanner, message) => {
    message.flags = scanner.flags();
  },
  UID: (scanner, message) => {
    message.uid = scanner.number('a UID');
  },
  INTERNALDATE: (scanner, message) => {
    message.received = parseDateTime(scanner);
  },
  'RFC822.SIZE': (scanner, message) => {
    message.size = scanner.number64('a size');
  },
  MODSEQ: (scanner, message) => {
    scanner.expect('(');
    message.modSeq = scanner.number64('a mod-sequence');
    scanner.expect(')');
  },
  ENVELOPE: (scanner, message) => {
    message.envelope = parseEnvelope(scanner);
  },
  BODY: (scanner, message) => {
    message.structure ??= parseBodyStructure(scanner);
  },
  BODYSTRUCTURE: (scanner, message) => {
    message.structure = parseBodyStructure(scanner);
  },
  RFC822: (scanner, message) => void message.bodies.set('RFC822', scanner.nbytes()),
  'RFC822.HEADER': (scanner, message) => void message.bodies.set('RFC822.HEADER', scanner.nbytes()),
  'RFC822.TEXT': (scanner, message) => void message.bodies.set('RFC822.TEXT', scanner.nbytes()),
};

function parseOctets(scanner: Scanner, name: string, message: Reading): void {
  const section = parseSection(scanner);
  const key = sectionKey(name, section);
  if (scanner.accept('<')) {
    message.offsets.set(key, scanner.number64('an offset'));
    scanner.expect('>');
  }
  scanner.space();
  if (name === 'BINARY.SIZE') message.sizes.set(section.part, scanner.number64('a size'));
  else message.bodies.set(key, scanner.nbytes());
}

/** Under which an answer is kept: `BODY[HEADER.FIELDS (SUBJECT)]`. */
export function sectionKey(name: string, section: Section): string {
  const fields = section.fields?.map((field) => field.toUpperCase());
  return `${name}${sectionText({ ...section, ...(fields && { fields }) })}`;
}
