/** A message or part while it is being read. */
import type { Report } from '../errors.ts';
import type { Part } from '../types.ts';
import {
  MESSAGE,
  parseContentType,
  parseDisposition,
  TEXT_PLAIN,
  typeName,
} from '../wire/content-fields.ts';
import { type Field, Fields, fieldValue } from '../wire/fields.ts';
import { parseEncoding } from '../wire/transfer.ts';
import { type HeaderLimits, HeaderLines } from './header-lines.ts';

export type GrowingPart = { -readonly [K in keyof Part]: Part[K] } & { children: GrowingPart[] };

/** Of what an entity is a child: that decides its number and its type without a Content-Type. */
export interface Origin {
  /** The path of the multipart or message around it. */
  readonly path: string;
  /** Its number in a multipart; undefined for a message. */
  readonly number?: number;
  readonly inDigest?: boolean;
}

export class Entity {
  readonly part: GrowingPart;
  readonly header: HeaderLines;
  private readonly origin: Origin;
  private readonly report: Report;
  inHeader = true;
  /** Where its header is split into parts, until the last boundary was read. */
  boundary: string | undefined;
  closed = false;
  /** Lines before its body. */
  linesBefore = 0;

  constructor(
    origin: Origin,
    start: number,
    limits: HeaderLimits,
    report: (part: GrowingPart) => Report,
  ) {
    this.origin = origin;
    this.part = emptyPart(start, origin.inDigest ?? false);
    this.report = report(this.part);
    this.header = new HeaderLines(limits, this.report);
  }

  /** Where body bytes are a leaf's, not what stands around the parts of a multipart. */
  get isLeaf(): boolean {
    return this.boundary === undefined && !this.closed;
  }

  /** Reads the fields that say what the body is. */
  endHeader(end: number): void {
    const { part } = this;
    this.inHeader = false;
    part.header = { start: part.header.start, end };
    part.body = { start: end, end };
    part.fields = this.header.fields();
    this.content(part);
    const isMultipart = part.type.type === 'multipart';
    part.path = pathOf(this.origin, isMultipart);
  }

  private content(part: GrowingPart): void {
    const type = part.fields.field('Content-Type');
    if (type) part.type = parseContentType(fieldValue(type), this.at(type));
    const disposition = part.fields.field('Content-Disposition');
    if (disposition) {
      part.disposition = parseDisposition(fieldValue(disposition), this.at(disposition));
    }
    const field = part.fields.field('Content-Transfer-Encoding');
    const encoding = parseEncoding(field && fieldValue(field));
    if (encoding === undefined) this.report('MIME_UNKNOWN_ENCODING', field?.offset ?? 0);
    part.encoding = encoding ?? 'binary';
  }

  private at({ offset }: Field): Report {
    return (code) => this.report(code, offset);
  }
}

function pathOf({ path, number }: Origin, isMultipart: boolean): string {
  if (number === undefined && isMultipart) return path;
  return path === '' ? String(number ?? 1) : `${path}.${number ?? 1}`;
}

function emptyPart(start: number, inDigest: boolean): GrowingPart {
  return {
    path: '',
    header: { start, end: start },
    body: { start, end: start },
    lines: 0,
    fields: new Fields([]),
    type: inDigest ? MESSAGE : TEXT_PLAIN,
    disposition: undefined,
    encoding: '7bit',
    eightBit: false,
    binary: false,
    children: [],
  };
}

/** Messages within messages: message/rfc822 (RFC 2046 §5.2.1) and message/global (RFC 6532 §3.7). */
export function holdsMessage(part: Part): boolean {
  const name = typeName(part.type);
  return name === 'message/rfc822' || name === 'message/global';
}

/** Encodings that leave octets as they are: the only ones that a composite may have (RFC 2045 §6.4). */
export function isIdentity({ encoding }: Part): boolean {
  return encoding === '7bit' || encoding === '8bit' || encoding === 'binary';
}
