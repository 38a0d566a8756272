import { classes, opcodes, rcodes, types } from '../codes.ts';
import type { Message, Question, ResourceRecord } from '../types.ts';
import { AA, AD, CD, HEADER_LENGTH, QR, RA, RD, TC } from './decode.ts';
import { encodeOpt, optLength } from './edns.ts';
import { codecOf } from './rdata/index.ts';
import { Writer } from './writer.ts';

const scratch = new Writer();

/**
 * Writes a message, names compressed (RFC 1035 §4.1.4). What goes over `limit` is left out by whole
 * RRsets from the end; TC says so when it was part of the answer (RFC 2181 §9).
 */
export function encodeMessage(message: Message, limit = 65535): Uint8Array {
  const writer = scratch;
  writer.reset();
  writer.at = HEADER_LENGTH;
  for (const question of message.questions) encodeQuestion(writer, question);
  const space = limit - (message.edns ? optLength(message.edns) : 0);
  const answers = encodeRecords(writer, message.answers, space);
  let cut = answers < message.answers.length;
  const authorities = cut ? 0 : encodeRecords(writer, message.authorities, space);
  cut ||= authorities < message.authorities.length;
  let additionals = cut ? 0 : encodeRecords(writer, message.additionals, space);
  cut ||= additionals < message.additionals.length && isReferral(message);
  const rcode = rcodes.number(message.rcode);
  if (message.edns) {
    encodeOpt(writer, message.edns, rcode >> 4);
    additionals++;
  }
  writer.patch16(0, message.id);
  writer.patch16(2, flagsOf(message, cut) | (rcode & 15));
  writer.patch16(4, message.questions.length);
  writer.patch16(6, answers);
  writer.patch16(8, authorities);
  writer.patch16(10, additionals);
  return writer.result();
}

/** Without all of its glue a referral may be of no use, so leaving some out counts as truncation. */
function isReferral(message: Message): boolean {
  return (
    !message.authoritative && message.answers.length === 0 && message.authorities[0]?.type === 'NS'
  );
}

function flagsOf(message: Message, cut: boolean): number {
  return (
    (message.response ? QR : 0) |
    (opcodes.number(message.opcode) << 11) |
    (message.authoritative ? AA : 0) |
    (message.truncated || cut ? TC : 0) |
    (message.recursionDesired ? RD : 0) |
    (message.recursionAvailable ? RA : 0) |
    (message.authenticData ? AD : 0) |
    (message.checkingDisabled ? CD : 0)
  );
}

function encodeQuestion(writer: Writer, question: Question): void {
  writer.name(question.name);
  writer.u16(types.number(question.type));
  writer.u16(classes.number(question.class));
}

/** Writes records up to `limit`; gives how many fitted, counted in whole RRsets. */
function encodeRecords(writer: Writer, records: readonly ResourceRecord[], limit: number): number {
  let first = 0;
  let start = writer.at;
  for (let i = 0; i < records.length; i++) {
    const record = records[i] as ResourceRecord;
    const previous = records[first] as ResourceRecord;
    if (record.type !== previous.type || record.name !== previous.name) {
      first = i;
      start = writer.at;
    }
    encodeRecord(writer, record);
    if (writer.at > limit) {
      writer.at = start;
      return first;
    }
  }
  return records.length;
}

function encodeRecord(writer: Writer, record: ResourceRecord): void {
  writer.name(record.name);
  writer.u16(types.number(record.type));
  writer.u16(classes.number(record.class));
  writer.u32(record.ttl);
  const length = writer.at;
  writer.u16(0);
  const codec = codecOf(record.type);
  if (codec) codec.encode(record, writer);
  else if ('data' in record) writer.put(record.data);
  writer.patch16(length, writer.at - length - 2);
}
