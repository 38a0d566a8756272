/** Turns recorded events into messages: the heart of everything that shows what is said. */
import { EMPTY, equalBytes } from '../lib/bytes.ts';
import { type Address, type Endpoint, endpointText } from '../lib/endpoint.ts';
import { type Cut, StreamConversation } from './conversation.ts';
import { PENDING_DATAGRAMS } from './defaults.ts';
import { Bounded, directionKey, Links } from './links.ts';
import type { Message } from './message.ts';
import type { DissectorRegistry } from './registry.ts';
import type { Dissected, Speaker, TraceEvent, Transport } from './types.ts';

export interface AssemblerOptions {
  readonly dissectors: DissectorRegistry;
  /** The name of the host that has this address; undefined for who isn't ours. */
  readonly nameOf: (address: Address) => string | undefined;
  /** A message was said. */
  readonly onMessage: (message: Message) => void;
  /** A message that was told before arrived or got lost. */
  readonly onUpdate?: (message: Message) => void;
}

/** One message before its place among the others is known. */
interface Draft {
  readonly transport: Transport;
  readonly protocol: string;
  readonly conversation: number;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly startedAt: number;
  readonly sentAt: number;
  readonly dissected: Dissected;
  readonly bytes: Uint8Array;
  readonly streamEnd: number;
  readonly opensConnection: boolean;
  readonly unanswered: Map<string, number[]>;
}

interface DatagramConversation {
  readonly id: number;
  readonly unanswered: Map<string, number[]>;
}

const nothing = (): readonly [] => [];

export class Assembler {
  private readonly options: AssemblerOptions;
  private readonly links = new Links();
  private readonly streams = new Map<string, StreamConversation>();
  private readonly datagrams = new Bounded<DatagramConversation>();
  /** Datagram sockets of our hosts, and how often each is bound. */
  private readonly bound = new Map<string, number>();
  /** Messages under way, by direction, in the order in which they left. */
  private readonly underWay = new Map<string, Message[]>();
  private messages = 0;
  private conversations = 0;

  constructor(options: AssemblerOptions) {
    this.options = options;
  }

  take(event: TraceEvent): void {
    if (event.kind === 'note') this.links.note(event);
    else if (event.transport === 'udp') this.takeDatagram(event);
    else this.takeStream(event);
  }

  private takeDatagram(event: TraceEvent): void {
    const key = directionKey('udp', event.from, event.to);
    if (event.kind === 'send') {
      const message = this.datagram(event);
      this.depart(key, message);
    } else if (event.kind === 'receive') {
      const message = this.arrive(key, event) ?? this.datagram(event);
      message.arrivedAt = event.at;
      this.links.heard(event.host, event.from, message.id);
      this.options.onUpdate?.(message);
    } else if (event.kind === 'drop') {
      const message = this.arrive(key, event);
      if (!message) return;
      message.lost = event.text ?? 'lost';
      this.options.onUpdate?.(message);
    } else if (event.kind === 'bind' || event.kind === 'unbind') {
      const local = endpointText(event.from);
      const count = (this.bound.get(local) ?? 0) + (event.kind === 'bind' ? 1 : -1);
      if (count > 0) this.bound.set(local, count);
      else this.bound.delete(local);
    }
  }

  private datagram(event: TraceEvent): Message {
    const bytes = event.bytes ?? EMPTY;
    const [a, b] = [endpointText(event.from), endpointText(event.to)];
    const pair = a < b ? `${a} ${b}` : `${b} ${a}`;
    let conversation = this.datagrams.get(pair);
    if (!conversation) {
      conversation = { id: ++this.conversations, unanswered: new Map() };
      this.datagrams.set(pair, conversation);
    }
    const dissector = this.options.dissectors.find('udp', event.to.port, event.from.port);
    return this.tell({
      transport: 'udp',
      protocol: dissector.protocol,
      conversation: conversation.id,
      from: event.from,
      to: event.to,
      startedAt: event.at,
      sentAt: event.at,
      dissected: (dissector.datagram as (bytes: Uint8Array) => Dissected)(bytes),
      bytes,
      streamEnd: 0,
      opensConnection: false,
      unanswered: conversation.unanswered,
    });
  }

  private depart(key: string, message: Message): void {
    const queue = this.underWay.get(key) ?? [];
    queue.push(message);
    if (queue.length > PENDING_DATAGRAMS) queue.shift();
    this.underWay.set(key, queue);
  }

  /** The datagram under way that this event is about, taken off the list. */
  private arrive(key: string, event: TraceEvent): Message | undefined {
    const queue = this.underWay.get(key);
    const bytes = event.bytes ?? EMPTY;
    const at = queue?.findIndex((message) => equalBytes(message.bytes, bytes)) ?? -1;
    if (!queue || at < 0) return undefined;
    const [message] = queue.splice(at, 1);
    if (queue.length === 0) this.underWay.delete(key);
    return message;
  }

  private takeStream(event: TraceEvent): void {
    switch (event.kind) {
      case 'open':
        this.stream(event.from, event.to).claim('client');
        break;
      case 'accept':
        this.stream(event.from, event.to).claim('server');
        break;
      case 'refused':
        this.tellConnection(event, event.text ?? 'refused', true);
        break;
      case 'send':
      case 'receive':
        this.takeBytes(event);
        break;
      case 'drop':
        this.tellConnection(event, event.text ?? 'lost', true);
        break;
      case 'end':
        this.takeEnd(event);
        break;
      case 'close':
        this.takeClose(event);
        break;
      default:
    }
  }

  private stream(client: Endpoint, server: Endpoint): StreamConversation {
    const key = directionKey('tcp', client, server);
    let stream = this.streams.get(key);
    if (!stream) {
      const dissector = this.options.dissectors.find('tcp', server.port);
      stream = new StreamConversation(++this.conversations, client, server, dissector);
      this.streams.set(key, stream);
    }
    return stream;
  }

  /** The connection that an event belongs to, and which side speaks there. */
  private speakerOf(
    event: TraceEvent,
  ): { stream: StreamConversation; speaker: Speaker } | undefined {
    const asClient = this.streams.get(directionKey('tcp', event.from, event.to));
    if (asClient) return { stream: asClient, speaker: 'client' };
    const asServer = this.streams.get(directionKey('tcp', event.to, event.from));
    return asServer && { stream: asServer, speaker: 'server' };
  }

  private takeBytes(event: TraceEvent): void {
    const found = this.speakerOf(event);
    if (!found || !event.bytes) return;
    const { stream, speaker } = found;
    const believed = event.kind === (stream.isOurs(speaker) ? 'send' : 'receive');
    if (believed)
      this.tellCuts(stream, speaker, stream.say(speaker, event.bytes, event.at), event.at);
    if (event.kind === 'receive') this.hear(stream, speaker, event);
  }

  private hear(stream: StreamConversation, speaker: Speaker, event: TraceEvent): void {
    const heard = stream.hear(speaker, event.bytes?.length ?? 0);
    const queue = this.underWay.get(`${stream.id} ${speaker}`) ?? [];
    while (queue[0] && queue[0].streamEnd <= heard) {
      const message = queue.shift() as Message;
      message.arrivedAt = event.at;
      this.links.heard(event.host, event.from, message.id);
      this.options.onUpdate?.(message);
    }
  }

  private takeEnd(event: TraceEvent): void {
    const found = this.speakerOf(event);
    if (!found) return;
    const { stream, speaker } = found;
    this.tellCuts(stream, speaker, stream.end(speaker), event.at);
  }

  /** What the closing side has not heard by now, it never will. */
  private takeClose(event: TraceEvent): void {
    const found = this.speakerOf(event);
    if (!found) return;
    const { stream, speaker } = found;
    const other: Speaker = speaker === 'client' ? 'server' : 'client';
    this.tellCuts(stream, speaker, stream.end(speaker), event.at);
    if (event.text === 'reset') this.tellConnection(event, 'connection reset', false);
    this.lose(`${stream.id} ${other}`, event.text ?? 'closed');
    if (stream.isOurs(other) && stream.closedBy !== other) stream.closedBy = speaker;
    else this.forget(stream, event.at);
  }

  private lose(direction: string, why: string): void {
    for (const message of this.underWay.get(direction) ?? []) {
      message.lost = why;
      this.options.onUpdate?.(message);
    }
    this.underWay.delete(direction);
  }

  private forget(stream: StreamConversation, at: number): void {
    for (const speaker of ['client', 'server'] as const) {
      this.tellCuts(stream, speaker, stream.end(speaker), at);
    }
    this.streams.delete(directionKey('tcp', stream.client, stream.server));
    this.underWay.delete(`${stream.id} client`);
    this.underWay.delete(`${stream.id} server`);
  }

  private tellCuts(
    stream: StreamConversation,
    speaker: Speaker,
    cuts: readonly Cut[],
    sentAt: number,
  ): void {
    const [from, to] =
      speaker === 'client' ? [stream.client, stream.server] : [stream.server, stream.client];
    for (const { dissected, bytes, startedAt, streamEnd } of cuts) {
      const message = this.tell({
        transport: 'tcp',
        protocol: stream.protocol,
        conversation: stream.id,
        from,
        to,
        startedAt,
        sentAt,
        dissected,
        bytes,
        streamEnd,
        opensConnection: !stream.spoken,
        unanswered: stream.unanswered,
      });
      stream.spoken = true;
      this.depart(`${stream.id} ${speaker}`, message);
    }
  }

  /** What happened to a connection itself, told as a message of its own. */
  private tellConnection(event: TraceEvent, summary: string, lost: boolean): void {
    const message = this.tell({
      transport: 'tcp',
      protocol: 'tcp',
      conversation: this.speakerOf(event)?.stream.id ?? ++this.conversations,
      from: event.from,
      to: event.to,
      startedAt: event.at,
      sentAt: event.at,
      dissected: { length: 0, summary, role: 'other', fields: nothing },
      bytes: event.bytes ?? EMPTY,
      streamEnd: 0,
      opensConnection: false,
      unanswered: new Map(),
    });
    if (!lost) return;
    message.lost = summary;
    this.options.onUpdate?.(message);
  }

  private tell(draft: Draft): Message {
    const { dissected } = draft;
    const { notes, cause } = this.links.take(draft.transport, draft.from, draft.to);
    const id = ++this.messages;
    const replyTo = this.pair(draft, id);
    const causedBy = cause ?? replyTo;
    const message: Message = {
      id,
      conversation: draft.conversation,
      protocol: draft.protocol,
      transport: draft.transport,
      from: draft.from,
      to: draft.to,
      fromHost: this.options.nameOf(draft.from.address) ?? draft.from.address,
      toHost: this.options.nameOf(draft.to.address) ?? draft.to.address,
      startedAt: draft.startedAt,
      sentAt: draft.sentAt,
      summary: dissected.summary,
      role: dissected.role,
      malformed: dissected.malformed ?? false,
      opensConnection: draft.opensConnection,
      notes,
      ...(replyTo !== undefined && { replyTo }),
      ...(causedBy !== undefined && { causedBy }),
      length: dissected.length,
      bytes: draft.bytes,
      streamEnd: draft.streamEnd,
      fields: () => dissected.fields(),
    };
    this.options.onMessage(message);
    return message;
  }

  /** Remembers a request; gives the request that a reply answers. */
  private pair(draft: Draft, id: number): number | undefined {
    const key = draft.dissected.key ?? '';
    const waiting = draft.unanswered.get(key) ?? [];
    if (draft.dissected.role === 'request') {
      waiting.push(id);
      if (waiting.length > PENDING_DATAGRAMS) waiting.shift();
      draft.unanswered.set(key, waiting);
      return undefined;
    }
    if (draft.dissected.role !== 'reply') return undefined;
    const request = waiting.shift();
    if (waiting.length === 0) draft.unanswered.delete(key);
    return request;
  }
}
