/** What a parser is told, and what it tells. */
import type { Part } from '../types.ts';

export interface ParserLimits {
  /** Parts within parts. */
  readonly depth?: number;
  readonly parts?: number;
  /** Bytes of one header. */
  readonly header?: number;
  readonly fields?: number;
}

/** Told as the message passes. Bytes are the caller's own pieces: they change when those do. */
export interface MimeSink {
  /** The header of a part was read: all but the ends of its ranges is known. */
  onPart?(part: Part): void;
  /** Encoded bytes of a part without children. */
  onBody?(part: Part, bytes: Uint8Array): void;
  onEnd?(part: Part): void;
}
