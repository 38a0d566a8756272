/** The messages of a session: their numbers stay as they are, deletions are only marked (RFC 1939 §5). */
import { utf8 } from '../../lib/bytes.ts';
import { LISTING_LINES } from '../defaults.ts';
import { Pop3Error } from '../errors.ts';
import type { Held } from '../types.ts';

export class Maildrop<T extends Held> {
  private readonly held: readonly T[];
  private readonly whole: number;
  private readonly marked = new Set<number>();
  private markedSize = 0;

  /** `held` must not change afterwards. */
  constructor(held: readonly T[]) {
    this.held = held;
    this.whole = held.reduce((sum, { size }) => sum + size, 0);
  }

  /** Those that are not marked. */
  get count(): number {
    return this.held.length - this.marked.size;
  }

  get size(): number {
    return this.whole - this.markedSize;
  }

  /** Throws Pop3Error where there is none, or it is marked as deleted. */
  message(number: number): T {
    const message = this.held[number - 1];
    if (!message) throw missing(this.unknown());
    if (this.marked.has(number)) {
      throw missing(`Message ${number} is marked as deleted; RSET takes that back`);
    }
    return message;
  }

  delete(number: number): void {
    this.markedSize += this.message(number).size;
    this.marked.add(number);
  }

  reset(): void {
    this.marked.clear();
    this.markedSize = 0;
  }

  /** What is to be removed in UPDATE. */
  get deleted(): T[] {
    return [...this.marked].map((number) => this.held[number - 1] as T);
  }

  /** The lines of LIST or UIDL, some at a time. */
  *listing(shown: (message: T) => string | number): Generator<Uint8Array> {
    let text = '';
    for (let i = 0; i < this.held.length; i++) {
      if (!this.marked.has(i + 1)) text += `${i + 1} ${shown(this.held[i] as T)}\r\n`;
      if ((i + 1) % LISTING_LINES > 0) continue;
      yield utf8(text);
      text = '';
    }
    yield utf8(text);
  }

  private unknown(): string {
    const { length } = this.held;
    if (length === 0) return 'No such message: the maildrop is empty';
    return `No such message: there ${length === 1 ? 'is 1' : `are 1 to ${length}`}`;
  }
}

function missing(words: string): Pop3Error {
  return new Pop3Error('POP3_NO_SUCH_MESSAGE', words, 'RFC 1939 §5');
}
