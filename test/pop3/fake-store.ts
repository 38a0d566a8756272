/** Mail in memory, with a disk that takes its time and can fail. */

import { concat } from '../../src/lib/bytes.ts';
import { AppError } from '../../src/lib/errors.ts';
import type { Account, Folder, MessageEntry } from '../../src/mail/types.ts';
import { type Host, sleep } from '../../src/net/index.ts';
import type { Pop3Account, Pop3Store } from '../../src/pop3/index.ts';
import { saslUsers } from '../../src/sasl/index.ts';

export class FakeStore implements Pop3Store {
  readonly users: Pop3Store['users'];
  readonly drops: Map<string, FakeDrop> = new Map();
  private readonly passwords: Readonly<Record<string, string>>;

  constructor(host: Host, passwords: Readonly<Record<string, string>>) {
    this.passwords = passwords;
    this.users = saslUsers(passwords, (length) => host.random.bytes(length));
    for (const name of Object.keys(passwords)) this.drops.set(name, new FakeDrop(host));
  }

  account(name: string): Account | undefined {
    if (!(name in this.passwords)) return undefined;
    return { id: 1, name, addresses: [], title: '', quota: undefined };
  }

  secretOf(name: string): string | undefined {
    return this.passwords[name];
  }

  open({ name }: Account): FakeDrop {
    return this.drops.get(name) as FakeDrop;
  }

  drop(name: string): FakeDrop {
    return this.drops.get(name) as FakeDrop;
  }
}

export class FakeDrop implements Pop3Account {
  messages: (MessageEntry & { readonly bytes: Uint8Array })[] = [];
  locked = false;
  /** What the next `expunge` fails with. */
  failure: Error | undefined;
  commitMs = 3;
  private readonly host: Host;
  private nextUid = 1;

  constructor(host: Host) {
    this.host = host;
  }

  put(...texts: readonly Uint8Array[]): void {
    const more = texts.map((bytes) => {
      const uid = this.nextUid++;
      const rest = { flags: [], modSeq: 1, received: 0, folder: 1, thread: uid };
      return { id: uid, uid, content: uid, size: bytes.length, bytes, ...rest };
    });
    this.messages = [...this.messages, ...more];
  }

  folder(): Folder {
    const rest = { specialUse: undefined, subscribed: true, selectable: true };
    return { id: 1, account: 1, path: 'INBOX', uidValidity: 7, ...rest };
  }

  entries(): readonly MessageEntry[] {
    return this.messages;
  }

  bytes(content: number): Uint8Array {
    const message = this.messages.find((one) => one.content === content);
    if (!message) throw new AppError('MAIL_GONE', 'the message is gone');
    return message.bytes;
  }

  *pieces(content: number): Iterable<Uint8Array> {
    const bytes = this.bytes(content);
    for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
  }

  async expunge(_folder: Folder, uids: readonly number[]): Promise<void> {
    await sleep(this.host.clock, this.commitMs);
    if (this.failure) throw this.failure;
    this.messages = this.messages.filter(({ uid }) => !uids.includes(uid));
  }

  lock(): (() => void) | undefined {
    if (this.locked) return undefined;
    this.locked = true;
    return () => {
      this.locked = false;
    };
  }

  text(): string {
    return new TextDecoder('latin1').decode(concat(this.messages.map(({ bytes }) => bytes)));
  }
}
