/** Puts mail where it belongs within one commit: into mailboxes, into the queue, notices to senders. */
import { concat, EMPTY, utf8 } from '../lib/bytes.ts';
import { newMessageId } from '../mime/index.ts';
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
import { type Addressed, address, pathKey, type Target } from './targets.ts';
import type {
  Account,
  Mailbox,
  QueuedMessage,
  QueuedRecipient,
  QueueTables,
  RelayStore,
  RelayTransaction,
  ReversePath,
  Staged,
} from './types.ts';

/** Takes what is to be done when the commit is durable. */
export type Later = (act: () => void) => void;

type Parcel = Omit<QueuedMessage, 'from' | 'recipients'>;

/** A message that comes in. */
export interface Arrival {
  /** What the queue keeps of it. */
  readonly message: Omit<Parcel, 'size' | 'content'>;
  readonly staged: Staged;
  /** Lines before it. */
  readonly prefix: Uint8Array;
  /** Its own header, for senders who want to hear of it. */
  readonly header: Uint8Array;
}

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
    return size <= this.room(account);
  }

  /** Whether a letter of this size, with what final delivery adds, has room with its account. */
  isHome({ account, from, path }: Target, size: number): boolean {
    if (!account) return false;
    const room = this.room(account);
    return room === Number.POSITIVE_INFINITY || size + finalLines(from, path).length <= room;
  }

  private room(account: Account): number {
    const { used, limit = Number.POSITIVE_INFINITY } = this.with.store.open(account).quota();
    return limit - used;
  }

  /** Delivers to the accounts that have room, and queues for all others. */
  place(
    tx: RelayTransaction,
    later: Later,
    { message, staged, prefix, header }: Arrival,
    addressed: readonly Addressed[],
  ): void {
    const size = staged.size + prefix.length;
    const targets = eachOnce(addressed.flatMap((one) => one.targets));
    const home = targets.filter((one) => this.isHome(one, size));
    const away = targets.filter((one) => !home.includes(one));
    const [only] = home;
    // Most letters are for one mailbox: their bytes are written once, with all that stands before them.
    if (only?.account && targets.length === 1) {
      const content = tx.content(staged, concat([finalLines(only.from, only.path), prefix]));
      tx.deliver(content, only.account, { received: message.received });
      tx.release(content);
    } else {
      const content = tx.content(staged, prefix);
      this.deliver(tx, content, message.received, home);
      this.enqueue(tx, later, { ...message, size, content }, away);
      tx.release(content);
    }
    for (const { path } of home) {
      later(() => this.with.events.emit('delivered', message, { recipient: mailboxText(path) }));
    }
    this.confirm(tx, later, { ...message, size }, addressed, home, [prefix, header]);
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
    const reporter = this.reporter();
    const messageId = newMessageId(reporter.hostname, reporter.now, reporter.random);
    const report = { message, messageId, to, recipients, retryUntil, pieces };
    const bytes = buildReport(reporter, report);
    const isWide = reportNeedsUtf8(report);
    const notice: Arrival['message'] = {
      id: this.with.newId(),
      options: isWide ? { utf8: true } : {},
      received: reporter.now,
      hops: 0,
      messageId,
      eightBit: isWide,
      wideHeader: isWide,
    };
    const arrival = {
      message: notice,
      staged: store.stageBytes(bytes),
      prefix: EMPTY,
      header: EMPTY,
    };
    this.place(tx, later, arrival, [addressed]);
    const what = recipients.map(({ path, action }) => `${action}: ${mailboxText(path)}`).join(', ');
    const details = { recipient: mailboxText(to), reply: `${notice.id} tells: ${what}` };
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
    parcel: Omit<Parcel, 'content'>,
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

/** Aliases may lead to one mailbox on several ways. */
function eachOnce(targets: readonly Target[]): readonly Target[] {
  if (targets.length < 2) return targets;
  const byKey = new Map<string, Target>();
  for (const one of targets) {
    const key = `${mailboxText(one.from)} ${pathKey(one.path)}`;
    if (!byKey.has(key)) byKey.set(key, one);
  }
  return [...byKey.values()];
}

function waiting({ path, options }: Target, now: number): QueuedRecipient {
  return { path, options, state: 'waiting', attempts: 0, next: now, replies: [], delayTold: false };
}

/** RFC 5321 §4.4; Delivered-To stops what goes round through forwarders. */
function finalLines(from: ReversePath, path: Mailbox): Uint8Array {
  return utf8(`${returnPathLine(from)}Delivered-To: ${mailboxText(path)}\r\n`);
}
