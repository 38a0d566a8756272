/** One message between its first and its last byte: what comes in, and what the backend makes of it. */
import { announceSettled } from '../lib/deferred.ts';
import { LineEndGuard } from '../lib/dot.ts';
import { cancelled } from './errors.ts';
import { FAILED, isPositive } from './machine/outcomes.ts';
import { Transfer } from './machine/transfer.ts';
import { IncomingMessage } from './message-body.ts';
import type { MailSession, Outcome } from './types.ts';

export class Delivery {
  readonly body: IncomingMessage;
  readonly transfer: Transfer;
  readonly guard: LineEndGuard = new LineEndGuard();
  /** Never rejects: a backend that fails has answered `failed`. */
  readonly outcome: Promise<Outcome>;
  private answered: Outcome | undefined;

  constructor(
    mail: MailSession,
    sizeLimit: number,
    wanted: () => void,
    failed: (error: unknown) => Outcome,
  ) {
    this.body = new IncomingMessage(wanted);
    this.transfer = new Transfer(this.body, sizeLimit);
    const settle = (outcome: Outcome): Outcome => {
      this.answered = outcome;
      announceSettled();
      // Who has answered reads no more.
      this.body.cancel();
      return outcome;
    };
    this.outcome = begin(mail, this.body).then(settle, (error: unknown) =>
      settle(this.body.broken ? (this.transfer.fault ?? FAILED) : failed(error)),
    );
  }

  /** What is known to be wrong before the end. */
  get fault(): Outcome | undefined {
    const { answered } = this;
    return this.transfer.fault ?? (answered && !isPositive(answered) ? answered : undefined);
  }

  /** The transaction was given up, or the connection is gone. */
  abort(error: Error = cancelled()): void {
    this.body.fail(error);
  }
}

/** A backend may throw at once. */
async function begin(mail: MailSession, body: IncomingMessage): Promise<Outcome> {
  return mail.data(body);
}
