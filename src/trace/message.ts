/** What was said, decoded: the unit of the ladder, the filters and the exports. */
import type { Endpoint } from '../lib/endpoint.ts';
import type { Field, Transport } from './types.ts';

/** A decision that the bytes don't show, told by the protocol that took it. */
export interface Note {
  readonly text: string;
  readonly spec?: string;
}

export interface Message {
  /** Counts from 1 within a recording. */
  readonly id: number;
  /** The conversation it belongs to: a connection, or a pair of datagram sockets. */
  readonly conversation: number;
  /** `dns`, `http`, ...; `tcp` for what happens to a connection itself; `data` where nothing dissects. */
  readonly protocol: string;
  readonly transport: Transport;
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** Host names; an address stands for itself when it is none of ours. */
  readonly fromHost: string;
  readonly toHost: string;
  /** Milliseconds since the start of the run at which its first and its last byte left. */
  readonly startedAt: number;
  readonly sentAt: number;
  /** When its last byte came to its receiver; absent while under way, when lost, or outside our sight. */
  arrivedAt?: number;
  /** Why it never arrived. */
  lost?: string;
  readonly summary: string;
  readonly role: 'request' | 'reply' | 'other';
  readonly malformed: boolean;
  /** The first message of a connection that was opened for it. */
  readonly opensConnection: boolean;
  readonly notes: readonly Note[];
  /** The request that this answers. */
  readonly replyTo?: number;
  /** The message that made its sender send it, where that is known. */
  readonly causedBy?: number;
  /** Its length on the wire, and its bytes (at most MESSAGE_BYTES_KEPT of them). */
  readonly length: number;
  readonly bytes: Uint8Array;
  /** Where its bytes end in the stream of its speaker; 0 for datagrams. */
  readonly streamEnd: number;
  fields(): readonly Field[];
}

/** A message as one JSON object without its bytes, as lists and live channels carry it. */
export interface MessageLine {
  readonly id: number;
  readonly conversation: number;
  readonly protocol: string;
  readonly transport: Transport;
  readonly from: string;
  readonly to: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly sentAt: number;
  readonly arrivedAt?: number;
  readonly lost?: string;
  readonly summary: string;
  readonly role: string;
  readonly length: number;
  readonly malformed?: true;
  readonly opens?: true;
  readonly replyTo?: number;
  readonly causedBy?: number;
  readonly notes?: readonly Note[];
}

export function messageLine(message: Message): MessageLine {
  return {
    id: message.id,
    conversation: message.conversation,
    protocol: message.protocol,
    transport: message.transport,
    from: message.fromHost,
    to: message.toHost,
    fromPort: message.from.port,
    toPort: message.to.port,
    sentAt: message.sentAt,
    ...(message.arrivedAt !== undefined && { arrivedAt: message.arrivedAt }),
    ...(message.lost !== undefined && { lost: message.lost }),
    summary: message.summary,
    role: message.role,
    length: message.length,
    ...(message.malformed && { malformed: true as const }),
    ...(message.opensConnection && { opens: true as const }),
    ...(message.replyTo !== undefined && { replyTo: message.replyTo }),
    ...(message.causedBy !== undefined && { causedBy: message.causedBy }),
    ...(message.notes.length > 0 && { notes: message.notes }),
  };
}
