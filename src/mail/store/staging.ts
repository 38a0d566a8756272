/** Messages on their way in: small ones wait in memory, large ones go to the disk piece by piece. */
import { concat } from '../../lib/bytes.ts';
import { MESSAGE_LIMIT, PIECE_SIZE } from '../defaults.ts';
import { overLimit } from '../errors.ts';
import type { Staged, Staging } from '../types.ts';
import type { StoreState } from './store-state.ts';

/** A whole message: its first pieces under `content`, the rest here. */
export interface StagedMessage extends Staged {
  readonly content: number | undefined;
  /** Pieces on the disk. */
  readonly stored: number;
  readonly rest: readonly Uint8Array[];
}

export class MessageStaging implements Staging {
  private readonly state: StoreState;
  private readonly limit: number;
  private readonly buffered: Uint8Array[] = [];
  private bufferedLength = 0;
  private size = 0;
  private content: number | undefined;
  private stored = 0;

  constructor(state: StoreState, limit: number = MESSAGE_LIMIT) {
    this.state = state;
    this.limit = limit;
  }

  /** Throws LimitError MAIL_LIMIT; the promise rejects with FILE_NO_SPACE. */
  add(bytes: Uint8Array): Promise<void> | undefined {
    this.size += bytes.length;
    if (this.size > this.limit) {
      throw overLimit(`A message has at most ${this.limit} bytes`, this.limit);
    }
    this.buffered.push(bytes);
    this.bufferedLength += bytes.length;
    return this.bufferedLength >= PIECE_SIZE ? this.store() : undefined;
  }

  finish(): StagedMessage {
    const { size, content, stored } = this;
    return { size, content, stored, rest: this.buffered };
  }

  drop(): void {
    const { content } = this;
    this.buffered.length = 0;
    if (content === undefined) return;
    this.content = undefined;
    // What a failing disk keeps of it is thrown away at the next opening.
    this.state.write((tx) => tx.removePieces(content)).catch(() => {});
  }

  private store(): Promise<void> {
    const piece = concat(this.buffered);
    const index = this.stored++;
    this.buffered.length = 0;
    this.bufferedLength = 0;
    return this.state.write((tx) => {
      this.content ??= tx.newContentId();
      tx.putPiece(this.content, index, piece);
    });
  }
}

export function stagedBytes(bytes: Uint8Array): StagedMessage {
  return { size: bytes.length, content: undefined, stored: 0, rest: [bytes] };
}
