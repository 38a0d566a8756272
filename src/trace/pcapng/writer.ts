/**
 * A recording as a capture file. Packets are made up around the bytes that were really said: with
 * valid checksums, well-known ports, names for the addresses, and our reading as a comment.
 */
import { concat, EMPTY } from '../../lib/bytes.ts';
import { type Endpoint, endpointText } from '../../lib/endpoint.ts';
import { directionKey } from '../links.ts';
import type { Message } from '../message.ts';
import type { Recording, RecordingHead } from '../recorder.ts';
import type { TraceEvent } from '../types.ts';
import { enhancedPacket, interfaceDescription, nameResolution, sectionHeader } from './block.ts';
import { ACK, FIN, PSH, RST, SYN, tcpPacket, udpPacket } from './packet.ts';

/** What fits into one segment of an Ethernet path: 1,500 less 40 bytes of headers. */
const SEGMENT = 1460;

const HTTP = 80;
const HTTPS = 443;

interface Side {
  readonly end: Endpoint;
  ours: boolean;
  /** The next sequence number; SYN and FIN count as one each. */
  next: number;
  /** How many bytes it has said. */
  said: number;
  finished: boolean;
}

interface Flow {
  readonly client: Side;
  readonly server: Side;
  reset: boolean;
}

/** The whole recording as one file. */
export function pcapng(recording: Recording): Uint8Array {
  const writer = new PcapngWriter(recording, recording.messages);
  return concat([writer.head(), ...recording.events.map((event) => writer.packets(event))]);
}

export class PcapngWriter {
  private readonly recording: RecordingHead;
  private readonly flows = new Map<string, Flow>();
  private readonly sent = new Map<string, number>();
  private readonly bound = new Set<string>();
  private readonly comments = new Map<string, string>();
  /** Conversations over TLS that were recorded in clear: in the file they stand where clear text is read. */
  private readonly clear = new Set<string>();

  /** `messages` give the comments. */
  constructor(recording: RecordingHead, messages: readonly Message[] = []) {
    this.recording = recording;
    for (const message of messages) {
      const lost = message.lost === undefined ? '' : ` (lost: ${message.lost})`;
      this.comments.set(commentKey(message), `${message.summary}${lost}`);
      if (message.to.port === HTTPS && message.protocol === 'http' && message.role === 'request') {
        this.clear.add(directionKey('tcp', message.from, message.to));
      }
    }
  }

  head(): Uint8Array {
    return concat([sectionHeader(), interfaceDescription(), nameResolution(this.recording.hosts)]);
  }

  /** The packets of one event; none for most. */
  packets(event: TraceEvent): Uint8Array {
    return event.transport === 'udp' ? this.datagram(event) : this.stream(event);
  }

  private datagram(event: TraceEvent): Uint8Array {
    if (event.kind === 'bind') this.bound.add(endpointText(event.from));
    const sentHere = event.kind === 'send';
    const cameFromOutside = event.kind === 'receive' && !this.bound.has(endpointText(event.from));
    if (!event.bytes || !(sentHere || cameFromOutside)) return EMPTY;
    const comment = this.comments.get(
      `${directionKey('udp', event.from, event.to)} at ${event.at}`,
    );
    return this.packet(event.at, udpPacket(event.from, event.to, event.bytes), comment);
  }

  private stream(event: TraceEvent): Uint8Array {
    switch (event.kind) {
      case 'open':
      case 'accept':
        return this.open(event);
      case 'refused':
        return this.refused(event);
      case 'send':
      case 'receive':
        return this.bytes(event);
      case 'end':
        return this.finish(event);
      case 'close':
        return this.close(event);
      default:
        return EMPTY;
    }
  }

  private open(event: TraceEvent): Uint8Array {
    const key = directionKey('tcp', event.from, event.to);
    const known = this.flows.get(key);
    const flow =
      known && !isOver(known)
        ? known
        : newFlow(event.from, this.shown(key, event.to), this.start(key));
    this.flows.set(key, flow);
    flow[event.kind === 'open' ? 'client' : 'server'].ours = true;
    if (flow === known) return EMPTY;
    const { client, server } = flow;
    const packets = [this.segment(event.at, client, server, SYN)];
    client.next++;
    packets.push(this.segment(event.at, server, client, SYN | ACK));
    server.next++;
    packets.push(this.segment(event.at, client, server, ACK));
    return concat(packets);
  }

  private shown(key: string, server: Endpoint): Endpoint {
    return this.clear.has(key) ? { ...server, port: HTTP } : server;
  }

  private refused(event: TraceEvent): Uint8Array {
    const { client, server } = newFlow(
      event.from,
      event.to,
      this.start(directionKey('tcp', event.from, event.to)),
    );
    const asked = this.segment(event.at, client, server, SYN);
    if (event.text !== 'refused') return asked;
    client.next++;
    return concat([asked, this.segment(event.at, server, client, RST | ACK)]);
  }

  private bytes(event: TraceEvent): Uint8Array {
    const found = this.find(event.from, event.to);
    if (!found || !event.bytes || found.flow.reset) return EMPTY;
    const { from, to } = found;
    if (event.kind !== (from.ours ? 'send' : 'receive')) return EMPTY;
    const packets: Uint8Array[] = [];
    const direction = directionKey('tcp', event.from, event.to);
    for (let at = 0; at < event.bytes.length; at += SEGMENT) {
      const payload = event.bytes.subarray(at, at + SEGMENT);
      from.said += payload.length;
      const comment = this.comments.get(`${direction} to ${from.said}`);
      packets.push(this.segment(event.at, from, to, PSH | ACK, payload, comment));
      from.next += payload.length;
    }
    return concat(packets);
  }

  private finish(event: TraceEvent): Uint8Array {
    const found = this.find(event.from, event.to);
    if (!found || found.from.finished || found.flow.reset) return EMPTY;
    const { from, to } = found;
    from.finished = true;
    const last = this.segment(event.at, from, to, FIN | ACK);
    from.next++;
    return concat([last, this.segment(event.at, to, from, ACK)]);
  }

  private close(event: TraceEvent): Uint8Array {
    const found = this.find(event.from, event.to);
    if (!found || found.flow.reset || isOver(found.flow)) return EMPTY;
    if (event.text === undefined || event.text === 'end') return EMPTY;
    found.flow.reset = true;
    return this.segment(event.at, found.from, found.to, RST | ACK);
  }

  private find(from: Endpoint, to: Endpoint): { flow: Flow; from: Side; to: Side } | undefined {
    const asClient = this.flows.get(directionKey('tcp', from, to));
    if (asClient) return { flow: asClient, from: asClient.client, to: asClient.server };
    const asServer = this.flows.get(directionKey('tcp', to, from));
    return asServer && { flow: asServer, from: asServer.server, to: asServer.client };
  }

  /** Initial sequence numbers: apart for each use of a pair of ports, and the same in each export. */
  private start(key: string): number {
    const uses = (this.sent.get(key) ?? 0) + 1;
    this.sent.set(key, uses);
    return uses * 0x100_0000;
  }

  private segment(
    at: number,
    from: Side,
    to: Side,
    flags: number,
    payload = EMPTY,
    comment?: string,
  ): Uint8Array {
    const packet = tcpPacket({
      from: from.end,
      to: to.end,
      sequence: from.next,
      acknowledged: to.next,
      flags,
      payload,
    });
    return this.packet(at, packet, comment);
  }

  private packet(at: number, packet: Uint8Array, comment?: string): Uint8Array {
    return enhancedPacket(this.recording.epoch + at, packet, comment);
  }
}

function newFlow(client: Endpoint, server: Endpoint, start: number): Flow {
  const side = (end: Endpoint): Side => ({
    end,
    ours: false,
    next: start,
    said: 0,
    finished: false,
  });
  return { client: side(client), server: side(server), reset: false };
}

function isOver(flow: Flow): boolean {
  return flow.reset || (flow.client.finished && flow.server.finished);
}

function commentKey(message: Message): string {
  const direction = directionKey(message.transport, message.from, message.to);
  return message.transport === 'udp'
    ? `${direction} at ${message.sentAt}`
    : `${direction} to ${message.streamEnd}`;
}
