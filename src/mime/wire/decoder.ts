/** What all transfer decodings have in common. */

/** Takes encoded bytes in pieces of any size. What it gives is the caller's own. */
export interface Decoder {
  push(bytes: Uint8Array): Uint8Array;
  /** What was held back. */
  end(): Uint8Array;
}

/** Bytes as they are: 7bit, 8bit, binary. */
export const IDENTITY: Decoder = {
  push: (bytes) => bytes,
  end: () => new Uint8Array(0),
};
