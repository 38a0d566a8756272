import { classes, opcodes, rcodes, TYPE_OPT, types } from '../codes.ts';
import { badMessage } from '../errors.ts';
import type { Message, Question, ResourceRecord, UnknownType } from '../types.ts';
import { decodeOpt, type Opt } from './edns.ts';
import { decodeRdata } from './rdata/codec.ts';
import { codecOfNumber } from './rdata/index.ts';
import { Reader } from './reader.ts';

export const HEADER_LENGTH = 12;

/** The bits of the second word of the header (RFC 1035 §4.1.1, RFC 4035 §3.2). */
export const QR = 0x8000;
export const AA = 0x0400;
export const TC = 0x0200;
export const RD = 0x0100;
export const RA = 0x0080;
export const AD = 0x0020;
export const CD = 0x0010;

interface Sections {
  opt: Opt | undefined;
}

/**
 * Reads one message; it must fill the bytes exactly. Throws ProtocolError, and nothing else, on
 * anything that is none.
 */
export function decodeMessage(bytes: Uint8Array): Message {
  const reader = new Reader(bytes);
  reader.need(HEADER_LENGTH, 'the header');
  const id = reader.u16();
  const flags = reader.u16();
  const counts = [reader.u16(), reader.u16(), reader.u16(), reader.u16()] as const;
  const questions: Question[] = [];
  for (let i = 0; i < counts[0]; i++) questions.push(decodeQuestion(reader));
  const found: Sections = { opt: undefined };
  const answers = decodeRecords(reader, counts[1], undefined);
  const authorities = decodeRecords(reader, counts[2], undefined);
  const additionals = decodeRecords(reader, counts[3], found);
  if (reader.at !== bytes.length) {
    throw badMessage(
      'DNS_TRAILING_BYTES',
      `${bytes.length - reader.at} bytes follow the last record that the header counts`,
      'RFC 1035 §4.1.1',
      reader.at,
    );
  }
  const { opt } = found;
  return {
    id,
    response: (flags & QR) !== 0,
    opcode: opcodes.name((flags >> 11) & 15),
    authoritative: (flags & AA) !== 0,
    truncated: (flags & TC) !== 0,
    recursionDesired: (flags & RD) !== 0,
    recursionAvailable: (flags & RA) !== 0,
    authenticData: (flags & AD) !== 0,
    checkingDisabled: (flags & CD) !== 0,
    rcode: rcodes.name((flags & 15) | ((opt?.rcodeHigh ?? 0) << 4)),
    questions,
    answers,
    authorities,
    additionals,
    ...(opt && { edns: opt.edns }),
  };
}

function decodeQuestion(reader: Reader): Question {
  const name = reader.name();
  return { name, type: types.name(reader.u16()), class: classes.name(reader.u16()) };
}

function decodeRecords(
  reader: Reader,
  count: number,
  found: Sections | undefined,
): readonly ResourceRecord[] {
  const records: ResourceRecord[] = [];
  for (let i = 0; i < count; i++) {
    const record = decodeRecord(reader, found);
    if (record) records.push(record);
  }
  return records;
}

/** One record; OPT goes to `found` and gives undefined. */
function decodeRecord(reader: Reader, found: Sections | undefined): ResourceRecord | undefined {
  const start = reader.at;
  const name = reader.name();
  const type = reader.u16();
  const classNumber = reader.u16();
  const ttl = reader.u32();
  const length = reader.u16();
  reader.need(length, 'the RDATA of a record');
  const end = reader.at + length;
  if (type === TYPE_OPT) {
    if (!found || found.opt || name !== '.') throw badOpt(start);
    found.opt = decodeOpt(classNumber, ttl, reader, end);
    return undefined;
  }
  const owner = { name, class: classes.name(classNumber), ttl: ttl > 0x7fff_ffff ? 0 : ttl };
  const codec = codecOfNumber(type);
  if (codec) return decodeRdata(codec, owner, reader, end);
  return { ...owner, type: types.name(type) as UnknownType, data: reader.takeTo(end) };
}

function badOpt(offset: number): Error {
  return badMessage(
    'DNS_BAD_OPT',
    'OPT stands once, among the additional records, at the root',
    'RFC 6891 §6.1.1',
    offset,
  );
}
