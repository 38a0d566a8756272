import type { Endpoint } from '../../lib/endpoint.ts';
import { TRANSFER_MESSAGE } from '../defaults.ts';
import { isNewer } from '../machine/serial.ts';
import { reply } from '../message.ts';
import { sameName } from '../name.ts';
import { EDE, extendedError } from '../options.ts';
import type { Zone, ZoneStore } from '../store/types.ts';
import type { Message, Question, ResourceRecord } from '../types.ts';
import { passing, withOption } from './reply.ts';
import type { DnsRequest, Link, Reply } from './types.ts';

export interface TransferOptions {
  /** Who may have whole zones; default: only this machine. */
  readonly allow?: (from: Endpoint) => boolean;
}

export function fromLoopback({ address }: Endpoint): boolean {
  return address.startsWith('127.') || address === '::1';
}

/**
 * Gives whole zones to those who may have them (AXFR, RFC 5936). IXFR is answered by the whole zone
 * too, or by the SOA alone to who has it already, as RFC 1995 §2 and §4 allow.
 */
export function transfers(zones: ZoneStore, { allow = fromLoopback }: TransferOptions = {}): Link {
  return (next) =>
    passing(next, (request) => {
      const { query, question, from } = request;
      const wanted = question?.type === 'AXFR' || question?.type === 'IXFR';
      if (query.opcode !== 'QUERY' || !question || !wanted) return next(request);
      const zone = zones.find(question.name);
      const ours =
        zone && sameName(zone.origin, question.name) && zone.soa.class === question.class;
      if (!ours) return reply(query, { rcode: 'NOTAUTH' });
      if (!allow(from)) {
        const refusal = reply(query, { rcode: 'REFUSED' });
        return withOption(refusal, extendedError(EDE.PROHIBITED, 'no transfers to this address'));
      }
      return transfer(zone, question, request);
    });
}

function transfer(zone: Zone, question: Question, { query, transport }: DnsRequest): Reply {
  const apex = zone.lookup(zone.origin, 'SOA');
  if (apex.kind === 'unavailable') {
    return withOption(reply(query, { rcode: 'SERVFAIL' }), extendedError(EDE.NOT_READY, apex.why));
  }
  const known = query.authorities.find((record) => record.type === 'SOA');
  const current =
    known?.type === 'SOA' && !isNewer(zone.soa.serial, known.serial) && question.type === 'IXFR';
  if (question.type === 'IXFR' && (transport === 'udp' || current)) {
    return reply(query, { authoritative: true, answers: [zone.soa] });
  }
  // RFC 5936 §4.2: AXFR on UDP is not defined.
  if (transport === 'udp') return reply(query, { rcode: 'FORMERR' });
  return { messages: messagesOf(query, zone) };
}

/** The zone between two copies of its SOA, as many records a message as fit well (RFC 5936 §2.2). */
function* messagesOf(query: Message, zone: Zone): Generator<Message> {
  let answers: ResourceRecord[] = [];
  let size = 0;
  for (const record of zoneAndSoa(zone)) {
    const own = sizeOf(record);
    if (answers.length > 0 && size + own > TRANSFER_MESSAGE) {
      yield reply(query, { authoritative: true, answers });
      answers = [];
      size = 0;
    }
    answers.push(record);
    size += own;
  }
  yield reply(query, { authoritative: true, answers });
}

function* zoneAndSoa(zone: Zone): Generator<ResourceRecord> {
  yield* zone.records();
  yield zone.soa;
}

/** The bytes of a record on the wire, or more. */
function sizeOf(record: ResourceRecord): number {
  let size = 16;
  for (const value of Object.values(record) as unknown[]) size += valueSize(value);
  return size;
}

/** A window of a map of types takes 34 bytes, and so counts for each of its types. */
function valueSize(value: unknown): number {
  if (typeof value === 'string') return value.length + 34;
  if (value instanceof Uint8Array) return value.length + 4;
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + valueSize(one), 0);
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).reduce<number>((sum, one) => sum + valueSize(one), 4);
  }
  return 4;
}
