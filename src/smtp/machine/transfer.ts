/** A message coming in, by DATA or in chunks: where it ends, what is wrong with it. */
import { DotReader, type LineEndGuard, type LineFault } from '../../lib/dot.ts';
import { type LimitError, ProtocolError } from '../../lib/errors.ts';
import { bodyTooLarge } from '../errors.ts';
import type { Outcome } from '../types.ts';
import { badLineEnds, TOO_LARGE } from './outcomes.ts';

/** Where a message is put. */
export interface Receiver {
  push(bytes: Uint8Array): void;
  finish(): void;
  fail(error: Error): void;
}

/** What the two ways of coming have in common. */
export class Transfer {
  /** What to say instead of the backend's answer. */
  fault: Outcome | undefined;
  /** Its sender does not know how lines end: nothing that follows can be understood. */
  abandoned = false;
  private readonly receiver: Receiver;
  private readonly limit: number;
  private size = 0;

  constructor(receiver: Receiver, limit: number) {
    this.receiver = receiver;
    this.limit = limit;
  }

  take(bytes: Uint8Array): void {
    this.size += bytes.length;
    if (this.fault) return;
    if (this.size <= this.limit) this.receiver.push(bytes);
    else this.fail(TOO_LARGE, bodyTooLarge(this.limit));
  }

  broken(fault: LineFault): void {
    const outcome = badLineEnds(fault);
    const details = { spec: 'RFC 5321 §2.3.8', reply: outcome.code, offset: this.size };
    this.fail(outcome, new ProtocolError('SMTP_BARE_LINE_END', outcome.text, details));
  }

  finish(): void {
    if (!this.fault) this.receiver.finish();
  }

  private fail(outcome: Outcome, error: ProtocolError | LimitError): void {
    if (this.fault) return;
    this.fault = outcome;
    this.receiver.fail(error);
  }
}

/** Takes bytes for a message until its end. */
export interface Intake {
  /** How many of the bytes are of the message. */
  push(bytes: Uint8Array): number;
  readonly done: boolean;
}

/** DATA: up to the dot. */
export class DataIntake implements Intake {
  private readonly reader: DotReader;
  private readonly transfer: Transfer;

  constructor(transfer: Transfer) {
    this.transfer = transfer;
    this.reader = new DotReader((bytes) => transfer.take(bytes));
  }

  get done(): boolean {
    return this.reader.done || this.reader.abandoned;
  }

  push(bytes: Uint8Array): number {
    const taken = this.reader.push(bytes);
    if (this.reader.fault) this.transfer.broken(this.reader.fault);
    this.transfer.abandoned = this.reader.abandoned;
    if (this.reader.done) this.transfer.finish();
    return taken;
  }
}

/** BDAT: so many bytes (RFC 3030 §2). Line ends are watched across chunks by one `guard`. */
export class ChunkIntake implements Intake {
  private left: number;
  private readonly last: boolean;
  private readonly transfer: Transfer;
  private readonly guard: LineEndGuard;

  constructor(transfer: Transfer, guard: LineEndGuard, chunk: { size: number; last: boolean }) {
    this.transfer = transfer;
    this.guard = guard;
    this.left = chunk.size;
    this.last = chunk.last;
  }

  get done(): boolean {
    return this.left === 0;
  }

  push(bytes: Uint8Array): number {
    const part = bytes.subarray(0, this.left);
    this.left -= part.length;
    const isEnd = this.left === 0 && this.last;
    const fault = this.guard.push(part) ?? (isEnd ? this.guard.end() : undefined);
    if (fault) this.transfer.broken(fault);
    else if (part.length > 0) this.transfer.take(part);
    if (isEnd) this.transfer.finish();
    return part.length;
  }
}

/** A chunk that was refused: thrown away, however long (RFC 3030 §2). */
export class DiscardIntake implements Intake {
  private left: number;

  constructor(size: number) {
    this.left = size;
  }

  get done(): boolean {
    return this.left === 0;
  }

  push(bytes: Uint8Array): number {
    const taken = Math.min(bytes.length, this.left);
    this.left -= taken;
    return taken;
  }
}
