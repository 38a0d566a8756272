/**
 * One connection as the recording sees it: two streams of bytes, cut into messages by a dissector.
 * Each stream is taken where its speaker said it; from its listener where the speaker isn't ours.
 */
import { concat, EMPTY } from '../lib/bytes.ts';
import type { Endpoint } from '../lib/endpoint.ts';
import { MESSAGE_BYTES_KEPT } from './defaults.ts';
import type { Dissected, Dissector, Speaker, StreamDissector } from './types.ts';

/** A message cut from a stream, and when its bytes left. */
export interface Cut {
  readonly dissected: Dissected;
  readonly bytes: Uint8Array;
  readonly startedAt: number;
  readonly streamEnd: number;
}

interface Said {
  readonly bytes: Uint8Array;
  readonly at: number;
}

/** What one side has said: the bytes not yet cut into messages, and how far both ends have come. */
class Voice {
  /** True when our own host says it, and records it as it leaves. */
  ours = false;
  said = 0;
  heard = 0;
  ended = false;
  private cutTo = 0;
  private pieces: Said[] = [];

  add(bytes: Uint8Array, at: number): void {
    this.said += bytes.length;
    this.pieces.push({ bytes, at });
  }

  /** Takes the next `length` bytes out; keeps at most MESSAGE_BYTES_KEPT of them. */
  cut(dissected: Dissected): Cut {
    const startedAt = this.pieces[0]?.at ?? 0;
    const parts: Uint8Array[] = [];
    let missing = Math.min(dissected.length, this.said - this.cutTo);
    let kept = 0;
    this.cutTo += missing;
    while (missing > 0) {
      const piece = this.pieces[0] as Said;
      const taken = Math.min(missing, piece.bytes.length);
      if (kept < MESSAGE_BYTES_KEPT) parts.push(piece.bytes.subarray(0, taken));
      kept += taken;
      missing -= taken;
      if (taken === piece.bytes.length) this.pieces.shift();
      else this.pieces[0] = { bytes: piece.bytes.subarray(taken), at: piece.at };
    }
    const bytes = parts.length === 0 ? EMPTY : concat(parts).subarray(0, MESSAGE_BYTES_KEPT);
    return { dissected, bytes, startedAt, streamEnd: this.cutTo };
  }
}

export class StreamConversation {
  readonly id: number;
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly protocol: string;
  /** Requests whose reply has not come, by the dissector's key. */
  readonly unanswered: Map<string, number[]> = new Map();
  /** Set with the first message. */
  spoken = false;
  /** The side that has recorded its close already; the other's is awaited where it is ours. */
  closedBy: Speaker | undefined;
  private readonly reader: StreamDissector;
  private readonly voices: Readonly<Record<Speaker, Voice>> = {
    client: new Voice(),
    server: new Voice(),
  };

  constructor(id: number, client: Endpoint, server: Endpoint, dissector: Dissector) {
    this.id = id;
    this.client = client;
    this.server = server;
    this.protocol = dissector.protocol;
    this.reader = (dissector.stream as () => StreamDissector)();
  }

  /** `speaker` is one of our hosts: its sending is recorded, and believed. */
  claim(speaker: Speaker): void {
    this.voices[speaker].ours = true;
  }

  isOurs(speaker: Speaker): boolean {
    return this.voices[speaker].ours;
  }

  /** New bytes of a speaker, from the place where they are believed; gives the messages they complete. */
  say(speaker: Speaker, bytes: Uint8Array, at: number): readonly Cut[] {
    const voice = this.voices[speaker];
    voice.add(bytes, at);
    return this.reader.push(speaker, bytes).map((dissected) => voice.cut(dissected));
  }

  /** A listener heard so many more bytes; gives how far it has come. */
  hear(speaker: Speaker, length: number): number {
    const voice = this.voices[speaker];
    voice.heard += length;
    return voice.heard;
  }

  /** The speaker has said all: gives what only that completes. */
  end(speaker: Speaker): readonly Cut[] {
    const voice = this.voices[speaker];
    if (voice.ended) return [];
    voice.ended = true;
    return this.reader.end(speaker).map((dissected) => voice.cut(dissected));
  }
}
