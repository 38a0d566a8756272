/** The messages that this page keeps, in the order in which they were sent. */
import type { UpdateView } from '../../../src/internet/dashboard/api.ts';
import type { MessageLine } from '../../../src/trace/message.ts';

/** As many as the internet keeps itself: what a browser scrolls without stutter. */
export const MESSAGES_KEPT = 50_000;

/** The oldest leave together, so that what was computed for the others stays good for a while. */
const LEAVING = 2_500;

type Kept = { -readonly [Key in keyof MessageLine]: MessageLine[Key] };

export class MessageLog {
  private list: Kept[] = [];
  private readonly byId = new Map<number, Kept>();
  /** Goes up whenever messages that were there before moved, changed or left. */
  revision = 0;
  newest = 0;
  /** The lengths of all kept messages together. */
  bytes = 0;
  /** How many messages there are of each protocol, in the order of the first of each. */
  readonly protocols = new Map<string, number>();

  get messages(): readonly MessageLine[] {
    return this.list;
  }

  get(id: number): MessageLine | undefined {
    return this.byId.get(id);
  }

  add(messages: readonly MessageLine[]): void {
    for (const message of messages) {
      if (this.byId.has(message.id)) continue;
      this.byId.set(message.id, message);
      this.newest = Math.max(this.newest, message.id);
      this.weigh(message, 1);
      this.insert(message);
    }
    if (this.list.length > MESSAGES_KEPT) this.dropOldest();
  }

  update(updates: readonly UpdateView[]): void {
    for (const { id, arrivedAt, lost } of updates) {
      const message = this.byId.get(id);
      if (!message) continue;
      if (arrivedAt !== undefined) message.arrivedAt = arrivedAt;
      if (lost === undefined) continue;
      message.lost = lost;
      this.revision++;
    }
  }

  clear(): void {
    this.list = [];
    this.byId.clear();
    this.bytes = 0;
    this.protocols.clear();
    this.revision++;
  }

  private weigh({ length, protocol }: MessageLine, sign: 1 | -1): void {
    this.bytes += sign * length;
    const count = (this.protocols.get(protocol) ?? 0) + sign;
    if (count > 0) this.protocols.set(protocol, count);
    else this.protocols.delete(protocol);
  }

  /** Nearly always at the end: messages are told in the order in which they were sent. */
  private insert(message: Kept): void {
    let at = this.list.length;
    while (at > 0 && (this.list[at - 1]?.sentAt ?? 0) > message.sentAt) at--;
    if (at === this.list.length) {
      this.list.push(message);
      return;
    }
    this.list.splice(at, 0, message);
    this.revision++;
  }

  private dropOldest(): void {
    const leaving = this.list.splice(0, this.list.length - MESSAGES_KEPT + LEAVING);
    for (const message of leaving) {
      this.byId.delete(message.id);
      this.weigh(message, -1);
    }
    this.revision++;
  }
}
