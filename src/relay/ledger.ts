/** The queue as it is kept: each change is one commit, and those of one message follow one another. */
import { calendar, fraction, type Host } from '../net/index.ts';
import { mailboxText } from '../smtp/index.ts';
import { noMessage } from './errors.ts';
import type { Events } from './events.ts';
import type { Action } from './machine/notify.ts';
import { isExpired, isLate, retryDelay } from './machine/schedule.ts';
import { attemptText, isOpen, type Verdict, withVerdict } from './machine/verdict.ts';
import type { Office } from './office.ts';
import type { ReportedRecipient } from './report.ts';
import type {
  Attempt,
  QueuedMessage,
  QueuedRecipient,
  QueueTables,
  RelayEventKind,
  RelayStore,
  RelayTransaction,
  RetrySchedule,
} from './types.ts';

/** What came of an attempt, by the recipient's place in the message. */
export interface Results {
  readonly verdicts: ReadonlyMap<number, Verdict>;
  /** What belongs into the same commit. */
  readonly work?: (tx: RelayTransaction) => void;
}

export interface LedgerOptions {
  readonly host: Host;
  readonly store: RelayStore;
  readonly tables: QueueTables;
  readonly office: Office;
  readonly events: Events;
  readonly schedule: RetrySchedule;
}

interface Step {
  readonly position: number;
  readonly recipient: QueuedRecipient;
  readonly verdict: Verdict;
  readonly isExpired: boolean;
  readonly action: Action | undefined;
}

export class Ledger {
  private readonly with: LedgerOptions;
  private readonly messages = new Map<string, QueuedMessage>();
  private readonly chains = new Map<string, Promise<unknown>>();

  constructor(options: LedgerOptions) {
    this.with = options;
    for (const message of options.tables.load()) this.messages.set(message.id, message);
  }

  get size(): number {
    return this.messages.size;
  }

  has(id: string): boolean {
    return this.messages.has(id);
  }

  get(id: string): QueuedMessage | undefined {
    return this.messages.get(id);
  }

  list(): readonly QueuedMessage[] {
    return [...this.messages.values()];
  }

  /** It is in the tables. */
  add(message: QueuedMessage): void {
    this.messages.set(message.id, message);
  }

  /** Writes what came of an attempt; undefined when the message is gone. */
  settle(id: string, { verdicts, work }: Results): Promise<QueuedMessage | undefined> {
    return this.inTurn(id, async () => {
      const message = this.messages.get(id);
      if (!message) return undefined;
      const steps = this.steps(message, verdicts);
      const changed = this.changed(message, steps);
      await this.with.office.commit((tx, later) => {
        work?.(tx);
        const notices = steps.flatMap(reportOf);
        const pieces = this.with.store.contentPieces(message.content);
        this.with.office.notify(tx, later, message, notices, pieces);
        this.write(tx, changed, steps);
      });
      this.remember(changed);
      for (const step of steps) this.tell(message, step);
      return changed;
    });
  }

  /** Changes the open recipients of a message, without a word to its sender. Throws RELAY_NO_MESSAGE. */
  change(
    id: string,
    kind: RelayEventKind,
    how: (recipient: QueuedRecipient) => QueuedRecipient,
  ): Promise<QueuedMessage> {
    return this.inTurn(id, async () => {
      const message = this.messages.get(id);
      if (!message) throw noMessage(id);
      const recipients = message.recipients.map((one) => (isOpen(one) ? how(one) : one));
      await this.with.office.commit(() => {
        for (const [i, one] of recipients.entries()) {
          if (one !== message.recipients[i]) this.with.tables.change(id, i, one);
        }
      });
      const changed = { ...message, recipients };
      this.messages.set(id, changed);
      this.with.events.emit(kind, message);
      return changed;
    });
  }

  /** Takes a message out, with a failure notice for `why` where it is given. Throws RELAY_NO_MESSAGE. */
  remove(id: string, why: Attempt | undefined): Promise<void> {
    return this.inTurn(id, async () => {
      const message = this.messages.get(id);
      if (!message) throw noMessage(id);
      await this.with.office.commit((tx, later) => {
        if (why) {
          const lost = message.recipients.filter(isOpen);
          const notices = lost.map((one) => reported(one, 'failed', why));
          const pieces = this.with.store.contentPieces(message.content);
          this.with.office.notify(tx, later, message, notices, pieces);
        }
        this.with.tables.remove(id);
        tx.release(message.content);
      });
      this.messages.delete(id);
      this.with.events.emit('removed', message);
    });
  }

  private steps(message: QueuedMessage, verdicts: Results['verdicts']): Step[] {
    const { host, schedule } = this.with;
    const now = Math.floor(calendar(host.clock));
    const luck = fraction(host.random);
    const deadline = message.received + schedule.expiryMs;
    return [...verdicts].flatMap(([position, verdict]) => {
      const before = message.recipients[position];
      if (!before || !isOpen(before)) return [];
      const expired = verdict.kind === 'deferred' && isExpired(message, schedule, now);
      const judged: Verdict = expired ? { kind: 'failed', attempt: verdict.attempt } : verdict;
      const isSoon = verdict.kind === 'deferred' && verdict.soon === true;
      const wait = isSoon ? 0 : retryDelay(schedule, before.attempts + 1, luck);
      const recipient = withVerdict(before, judged, Math.min(now + wait, deadline));
      const isTold =
        judged.kind === 'deferred' && !before.delayTold && isLate(message, schedule, now);
      const step = {
        position,
        verdict: judged,
        isExpired: expired,
        action: actionOf(judged, isTold),
      };
      return [{ ...step, recipient: isTold ? { ...recipient, delayTold: true } : recipient }];
    });
  }

  private changed(message: QueuedMessage, steps: readonly Step[]): QueuedMessage {
    const recipients = [...message.recipients];
    for (const { position, recipient } of steps) recipients[position] = recipient;
    return { ...message, recipients };
  }

  private write(tx: RelayTransaction, changed: QueuedMessage, steps: readonly Step[]): void {
    const { tables } = this.with;
    if (changed.recipients.some(isOpen)) {
      for (const { position, recipient } of steps) tables.change(changed.id, position, recipient);
      return;
    }
    tables.remove(changed.id);
    tx.release(changed.content);
  }

  private remember(changed: QueuedMessage): void {
    if (changed.recipients.some(isOpen)) this.messages.set(changed.id, changed);
    else this.messages.delete(changed.id);
  }

  private tell(message: QueuedMessage, { recipient, verdict, isExpired }: Step): void {
    const { attempt } = verdict;
    this.with.events.emit(isExpired ? 'expired' : EVENTS[verdict.kind], message, {
      recipient: mailboxText(recipient.path),
      reply: attemptText(attempt),
      ...(attempt.remote !== '' && { remote: attempt.remote }),
    });
  }

  /** Changes of one message do not overlap: each sees what the one before has left. */
  private inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = this.chains.get(id) ?? Promise.resolve();
    const done = before.then(work, work);
    const settled = done.catch(() => {});
    this.chains.set(id, settled);
    void settled.then(() => {
      if (this.chains.get(id) === settled) this.chains.delete(id);
    });
    return done;
  }
}

const EVENTS: Readonly<Record<Verdict['kind'], RelayEventKind>> = {
  relayed: 'sent',
  delivered: 'delivered',
  deferred: 'deferred',
  failed: 'failed',
};

/** What a sender is told who wants to know; of a next hop that tells itself, nothing. */
function actionOf(verdict: Verdict, isTold: boolean): Action | undefined {
  switch (verdict.kind) {
    case 'relayed':
      return verdict.tells ? undefined : 'relayed';
    case 'deferred':
      return isTold ? 'delayed' : undefined;
    default:
      return verdict.kind;
  }
}

function reportOf({ recipient, verdict, action }: Step): ReportedRecipient[] {
  return action ? [reported(recipient, action, verdict.attempt)] : [];
}

function reported(
  { path, options }: QueuedRecipient,
  action: Action,
  attempt: Attempt,
): ReportedRecipient {
  return { path, options, action, attempt };
}
