/** One direction of a stream at its receiving end: pieces in order, and those that nobody has read yet. */
import type { Piece } from './sender.ts';

export interface ReceiverEvents {
  /** Bytes were read. */
  data(bytes: Uint8Array): void;
  end(): void;
}

export class Receiver {
  /** Bytes that came and were not read. */
  buffered = 0;
  private readonly events: ReceiverEvents;
  private expected = 0;
  /** Came before their turn. */
  private readonly early = new Map<number, Piece>();
  private unread: Uint8Array[] = [];
  private ended = false;
  private told = false;
  private open = false;
  private pumping = false;

  constructor(events: ReceiverEvents) {
    this.events = events;
  }

  /** Each piece comes once: only what was lost is sent again. */
  accept(piece: Piece): void {
    if (piece.number > this.expected) {
      this.early.set(piece.number, piece);
      return;
    }
    this.take(piece);
    while (this.early.size > 0) {
      const next = this.early.get(this.expected);
      if (!next) break;
      this.early.delete(this.expected);
      this.take(next);
    }
    this.pump();
  }

  /** Whether what comes may be handed on. */
  flow(open: boolean): void {
    this.open = open;
    this.pump();
  }

  /** What was read too far comes first again. */
  putBack(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.unread.unshift(bytes);
    this.buffered += bytes.length;
  }

  stop(): void {
    this.open = false;
    this.unread = [];
    this.buffered = 0;
    this.early.clear();
  }

  private take(piece: Piece): void {
    this.expected++;
    if (piece.end) this.ended = true;
    else {
      this.unread.push(piece.bytes);
      this.buffered += piece.bytes.length;
    }
  }

  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    try {
      while (this.open && this.unread.length > 0) {
        const bytes = this.unread.shift() as Uint8Array;
        this.buffered -= bytes.length;
        this.events.data(bytes);
      }
      if (this.open && this.ended && !this.told) {
        this.told = true;
        this.events.end();
      }
    } finally {
      this.pumping = false;
    }
  }
}
