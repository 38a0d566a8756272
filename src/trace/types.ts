/**
 * What a network records of what is said on it. One shape for all kinds, so that recording stays
 * cheap; dissectors turn it into messages with fields (see conversation.ts).
 */
import type { Endpoint } from '../lib/endpoint.ts';

export type Transport = 'tcp' | 'udp';

export type TraceEventKind =
  /** A datagram socket, or a listener, was opened at `from`; `unbind` ends it. */
  | 'bind'
  | 'unbind'
  /** A connection was established: recorded by the client as `open`, by the server as `accept`; `from` is the client in both. */
  | 'open'
  | 'accept'
  /** A connection could not be made; `text` says why. */
  | 'refused'
  /** Bytes or a datagram left `host` (`from` is its end), or came to it (`to` is its end). */
  | 'send'
  | 'receive'
  /** The sending direction of a connection was closed (FIN). `from` is the side that ended. */
  | 'end'
  /** One side's connection is over, `text` says why: `end`, `reset`, `timeout`, ... */
  | 'close'
  /** The network lost something that was sent; `text` says why. */
  | 'drop'
  /** A decision that bytes can't show. It belongs to the next message from `from` to `to`. */
  | 'note';

export interface TraceEvent {
  readonly kind: TraceEventKind;
  /** Milliseconds since the start of the run, on the clock of the network. */
  readonly at: number;
  /** The name of the host that recorded it. */
  readonly host: string;
  readonly transport: Transport;
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** For `send`, `receive` and `drop`: never changed after recording. */
  readonly bytes?: Uint8Array;
  readonly text?: string;
  /** For notes: the section that asks for the decision. */
  readonly spec?: string;
  /** For notes: where the message that led to it came from. */
  readonly because?: Endpoint;
}

/** Where a network and a protocol tell what happens. `on` is tested before anything is built. */
export interface TraceSink {
  readonly on: boolean;
  emit(event: TraceEvent): void;
}

/** The sink of who is not listened to. */
export const SILENT: TraceSink = { on: false, emit() {} };

/**
 * One decoded element of a message and the bytes that carry it, `start` to `end` within the message.
 * A field whose bytes are elsewhere (a sum, a conclusion) has `start === end`.
 */
export interface Field {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly spec?: string;
  readonly children?: readonly Field[];
}

/** What a dissector says about one message: `length` bytes from where it began to read. */
export interface Dissected {
  readonly length: number;
  /** One line as a person would say it: `A? www.campus.edu`, `200 OK, 1,204 B, text/html`. */
  readonly summary: string;
  readonly role: 'request' | 'reply' | 'other';
  /** Pairs a reply with its request on one conversation, as the DNS id does; '' pairs in order. */
  readonly key?: string;
  /** True when the bytes break a rule of the protocol; the summary says which. */
  readonly malformed?: boolean;
  /** The field tree, built when somebody looks. */
  fields(): readonly Field[];
}

/** Who speaks on a connection: the side that opened it, or the side that accepted. */
export type Speaker = 'client' | 'server';

/** Reads both directions of one connection as they grow. */
export interface StreamDissector {
  /** Takes what was said next and gives every message that became complete with it. */
  push(speaker: Speaker, bytes: Uint8Array): readonly Dissected[];
  /** The speaker said its last byte: gives what can only now be known to be a message. */
  end(speaker: Speaker): readonly Dissected[];
}

/** How one protocol is read from the wire. Registered by its well-known ports. */
export interface Dissector {
  readonly protocol: string;
  readonly ports: readonly number[];
  datagram?(bytes: Uint8Array): Dissected;
  stream?(): StreamDissector;
}
