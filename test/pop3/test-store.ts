/** A store of mail whose disk can be slow and can fail, and one account of it as tests look at it. */
import { concat, fromLatin1 } from '../../src/lib/bytes.ts';
import {
  type Account,
  type Folder,
  type MailAccount,
  MailStore,
  type MessageEntry,
  memoryMailTables,
  type Staged,
} from '../../src/mail/index.ts';
import { type Host, sleep } from '../../src/net/index.ts';
import type { Pop3Account, Pop3Store } from '../../src/pop3/index.ts';

/** Bob has an account; his password is kept as it is. */
export class TestStore implements Pop3Store {
  readonly mail: MailStore;
  /** What the next deletion fails with. */
  failure: Error | undefined;
  commitMs = 0;
  /** Bytes of large messages that were read. */
  read = 0;
  private readonly host: Host;

  private constructor(host: Host, mail: MailStore) {
    this.host = host;
    this.mail = mail;
  }

  static async open(host: Host): Promise<TestStore> {
    const mail = MailStore.open(host, memoryMailTables());
    const bob = { name: 'bob', password: 'hungry', keepPassword: true };
    await mail.addAccount({ ...bob, addresses: ['bob@hamburger.edu'] });
    return new TestStore(host, mail);
  }

  get users(): Pop3Store['users'] {
    return this.mail.users;
  }

  accounts(): readonly Account[] {
    return this.mail.accounts();
  }

  account(name: string): Account | undefined {
    return this.mail.account(name);
  }

  secretOf(name: string): string | undefined {
    return this.mail.secretOf(name);
  }

  open(account: Account): Pop3Account {
    const real = this.mail.open(account);
    return {
      folder: (path) => real.folder(path),
      entries: (folder) => real.entries(folder),
      bytes: (content) => real.bytes(content),
      pieces: (content) => this.counted(real.pieces(content)),
      lock: (what) => real.lock(what),
      expunge: async (folder, uids) => {
        if (this.commitMs > 0) await sleep(this.host.clock, this.commitMs);
        if (this.failure) throw this.failure;
        await real.expunge(folder, uids);
      },
    };
  }

  private *counted(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
    for (const piece of pieces) {
      this.read += piece.length;
      yield piece;
    }
  }
}

export class TestDrop {
  private readonly store: MailStore;
  private readonly account: MailAccount;

  constructor(store: MailStore, name: string) {
    this.store = store;
    this.account = store.open(name);
  }

  async put(...texts: readonly Uint8Array[]): Promise<void> {
    const messages: { readonly staged: Staged }[] = [];
    for (const bytes of texts) messages.push({ staged: await this.staged(bytes) });
    await this.account.append(this.inbox, messages);
  }

  /** In pieces, as mail comes in. */
  private async staged(bytes: Uint8Array): Promise<Staged> {
    const staging = this.store.stage();
    for (let at = 0; at < bytes.length; at += 100_000) {
      await staging.add(bytes.subarray(at, at + 100_000));
    }
    return staging.finish();
  }

  async remove(uid: number): Promise<void> {
    await this.account.expunge(this.inbox, [uid]);
  }

  get messages(): readonly MessageEntry[] {
    return this.account.entries(this.inbox);
  }

  get text(): string {
    return fromLatin1(concat(this.messages.map(({ content }) => this.account.bytes(content))));
  }

  get locked(): boolean {
    const release = this.account.lock('pop3');
    release?.();
    return release === undefined;
  }

  /** As UIDL names it. */
  id(uid: number): string {
    return `${this.inbox.uidValidity}.${uid}`;
  }

  private get inbox(): Folder {
    return this.account.folder('INBOX') as Folder;
  }
}
