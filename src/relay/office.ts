/** Puts mail where it belongs within one commit: into mailboxes, into the queue, notices to senders. */
import { concat, utf8 } from '../lib/bytes.ts';
import { calendar, type Host } from '../net/index.ts';
import { mailboxText, returnPathLine } from '../smtp/index.ts';
import type { Directory } from './directory.ts';
import type { Events } from './events.ts';
import { wantsNotice } from './machine/notify.ts';
import { attemptText } from './machine/verdict.ts';
import {
  buildReport,
  type Reported,
  type ReportedRecipient,
  type Reporter,
  reportNeedsUtf8,
} from './report.ts';
import { type Addressed, address, type Target } from './targets.ts';
import type {
  Account,
  Mailbox,
  QueuedMessage,
  QueuedRecipient,
  QueueTables,
  RelayStore,
  RelayTransaction,
  ReversePath,
} from './types.ts';

/** Takes what is to be done when the commit is durable. */
export type Later = (act: () => void) => void;

/** A message on its way to its targets: what the queue keeps of it beside them. */
export type Parcel = Omit<QueuedMessage, 'from' | 'recipients'>;

export interface OfficeOptions {
  readonly host: Host;
  readonly hostname: string;
  readonly store: RelayStore;
  readonly tables: QueueTables;
  readonly directory: Directory;
  readonly events: Events;
  /** How long a message is kept trying. */
  readonly expiryMs: number;
  readonly newId: () => string;
  /** A message is in the queue, durably. */
  readonly queued: (message: QueuedMessage) => void;
}

export class Office {
  private readonly with: OfficeOptions;

  constructor(options: OfficeOptions) {
    this.with = options;
  }

  /** Runs `work` in one commit of the mail store, and after it what it has left for later. */
  async commit<T>(work: (tx: RelayTransaction, later: Later) => T): Promise<T> {
    let acts: (() => void)[] = [];
    const result = await this.with.store.write((tx) => {
      // A commit that others have spoiled is made once more.
      acts = [];
      return work(tx, (act) => void acts.push(act));
    });
    for (const act of acts) act();
    return result;
  }

  /** Whether a mailbox has room for so many bytes more. */
  fits(account: Account, size: number): boolean {
    const { used, limit } = this.with.store.open(account).quota();
    return limit === undefined || used + size <= limit;
  }

  /**
   * Delivers to the accounts that have room, and queues for all others. `header` is the message's, for senders who want
   * to hear of it.
   */
  place(
    tx: RelayTransaction,
    later: Later,
    parcel: Parcel,
    addressed: readonly Addressed[],
    header: readonly Uint8Array[],
  ): void {
    const targets = addressed.flatMap((one) => one.targets);
    const isHome = ({ account }: Target): boolean =>
      account !== undefined && this.fits(account, parcel.size);
    const { true: home = [], false: away = [] } = Object.groupBy(
      targets,
      (one) => `${isHome(one)}`,
    );
    this.deliver(tx, parcel.content, parcel.received, home);
    for (const { path } of home) {
      later(() => this.with.events.emit('delivered', parcel, { recipient: mailboxText(path) }));
    }
    this.enqueue(tx, later, parcel, away);
    this.confirm(tx, later, parcel, addressed, home, header);
  }

  /** Into the mailboxes, each once, whatever names have led to it. */
  deliver(
    tx: RelayTransaction,
    content: number,
    received: number,
    targets: readonly Target[],
  ): void {
    const seen = new Set<number>();
    for (const { account, path, from } of targets) {
      if (!account || seen.has(account.id)) continue;
      seen.add(account.id);
      tx.deliver(content, account, { received, prefix: finalLines(from, path) });
    }
  }

  /** Tells the sender in the same commit; a failure notice's own failure goes to the postmaster. */
  notify(
    tx: RelayTransaction,
    later: Later,
    message: Reported,
    recipients: readonly ReportedRecipient[],
    pieces: Iterable<Uint8Array>,
  ): void {
    const wanted = recipients.filter(({ options, action }) => wantsNotice(options, action));
    if (wanted.length === 0) return;
    const to = message.from ?? this.postmaster(wanted);
    const addressed = to && address(this.with.directory, null, to, {});
    const isUnreachable = !addressed || 'code' in addressed;
    if (isUnreachable && message.from !== null) {
      // The sender is nobody here: what remains is the postmaster.
      this.notify(tx, later, { ...message, from: null }, recipients, pieces);
      return;
    }
    if (isUnreachable) {
      later(() => this.drop(message, wanted));
      return;
    }
    this.post(tx, later, message, { to, addressed, recipients: wanted, pieces });
  }

  private post(
    tx: RelayTransaction,
    later: Later,
    message: Reported,
    {
      to,
      addressed,
      recipients,
      pieces,
    }: {
      to: Mailbox;
      addressed: Addressed;
      recipients: readonly ReportedRecipient[];
      pieces: Iterable<Uint8Array>;
    },
  ): void {
    const { store, expiryMs } = this.with;
    const retryUntil = message.received + expiryMs;
    const report = { message, to, recipients, retryUntil, pieces };
    const reporter = this.reporter();
    const bytes = buildReport(reporter, report);
    const content = tx.content(store.stageBytes(bytes));
    const isWide = reportNeedsUtf8(report);
    const parcel: Parcel = {
      id: this.with.newId(),
      options: isWide ? { utf8: true } : {},
      received: reporter.now,
      size: bytes.length,
      content,
      hops: 0,
      messageId: undefined,
      eightBit: isWide,
      wideHeader: isWide,
    };
    this.place(tx, later, parcel, [addressed], []);
    tx.release(content);
    const what = recipients.map(({ path, action }) => `${action}: ${mailboxText(path)}`).join(', ');
    const details = { recipient: mailboxText(to), reply: `${parcel.id} tells: ${what}` };
    later(() =>
      this.with.events.emit('notified', { ...message, messageId: message.messageId }, details),
    );
  }

  private reporter(): Reporter {
    const { host, hostname } = this.with;
    return { hostname, now: Math.floor(calendar(host.clock)), random: host.random };
  }

  /** Who hears of what no sender can be told: only of failures, and not of its own. */
  private postmaster(recipients: readonly ReportedRecipient[]): Mailbox | undefined {
    const isOwn = recipients.some(({ path }) => path.local.toLowerCase() === 'postmaster');
    if (isOwn || !recipients.some(({ action }) => action === 'failed')) return undefined;
    return this.with.directory.whole({ local: 'postmaster', domain: '' });
  }

  private drop(message: Reported, recipients: readonly ReportedRecipient[]): void {
    for (const { path, attempt } of recipients) {
      const reply = attempt && attemptText(attempt);
      const details = { recipient: mailboxText(path), ...(reply !== undefined && { reply }) };
      this.with.events.emit('dropped', message, details);
    }
  }

  /** One row for each sender: that of the message, and owners of lists. */
  private enqueue(
    tx: RelayTransaction,
    later: Later,
    parcel: Parcel,
    targets: readonly Target[],
  ): void {
    const groups = Map.groupBy(targets, ({ from }) => mailboxText(from));
    let { id } = parcel;
    for (const group of groups.values()) {
      const { from } = group[0] as Target;
      const recipients = group.map((target) => waiting(target, parcel.received));
      const message: QueuedMessage = { ...parcel, id, from, recipients };
      tx.hold(parcel.content);
      this.with.tables.put(message);
      later(() => this.with.queued(message));
      id = this.with.newId();
    }
  }

  /** Success that is known at once (RFC 3461 §5.2.3, §5.2.7). */
  private confirm(
    tx: RelayTransaction,
    later: Later,
    parcel: Parcel,
    addressed: readonly Addressed[],
    home: readonly Target[],
    header: readonly Uint8Array[],
  ): void {
    const told = home.map((one) => ({ ...one, action: 'delivered' as const, attempt: undefined }));
    const own = addressed.flatMap(({ action, ...one }) =>
      action ? [{ ...one, action, attempt: undefined }] : [],
    );
    const groups = Map.groupBy([...told, ...own], ({ from }) => mailboxText(from));
    for (const group of groups.values()) {
      const from = group[0]?.from ?? null;
      if (from !== null) this.notify(tx, later, { ...parcel, from }, group, header);
    }
  }
}

function waiting({ path, options }: Target, now: number): QueuedRecipient {
  return { path, options, state: 'waiting', attempts: 0, next: now, replies: [], delayTold: false };
}

/** RFC 5321 §4.4; Delivered-To stops what goes round through forwarders. */
function finalLines(from: ReversePath, path: Mailbox): Uint8Array {
  return concat([utf8(returnPathLine(from)), utf8(`Delivered-To: ${mailboxText(path)}\r\n`)]);
}
