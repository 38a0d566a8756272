/** One client's session: who it is, what it has selected, what it has been told. */
import { hasCode } from '../lib/errors.ts';
import type { Folder, MailAccount, MessageEntry } from '../mail/index.ts';
import type { State } from './machine/states.ts';
import { MailboxView } from './machine/view.ts';
import type { Outbox } from './outbox.ts';
import type { ServerShared } from './server-shared.ts';
import type { SequenceSet } from './types.ts';
import { numbersText } from './wire/sequence-set.ts';
import { mailboxPiece, responseText } from './wire/text.ts';

/** What ENABLE, or a command that means it, has switched on. */
export type Feature = 'rev2' | 'utf8' | 'condstore' | 'qresync';

export interface Selected {
  readonly folder: Folder;
  readonly view: MailboxView;
  readonly readOnly: boolean;
  /** Keywords that were told of in FLAGS. */
  readonly keywords: Set<string>;
}

export class ImapSession {
  readonly shared: ServerShared;
  readonly out: Outbox;
  secure: boolean;
  compressed = false;
  user: string | undefined;
  selected: Selected | undefined;
  /** UIDs that a search has saved for `$` (RFC 5182). */
  saved: readonly number[] = [];
  /** The mailbox that is selected was deleted. */
  bereft = false;
  private readonly features = new Set<Feature>();
  private mail: MailAccount | undefined;
  private readonly onNews: () => void;
  private unwatch: (() => void) | undefined;

  /** `onNews` is called when something is to be told. */
  constructor(shared: ServerShared, out: Outbox, secure: boolean, onNews: () => void) {
    this.shared = shared;
    this.out = out;
    this.secure = secure;
    this.onNews = onNews;
  }

  get state(): State {
    if (!this.mail) return 'not authenticated';
    return this.selected ? 'selected' : 'authenticated';
  }

  /** The account of who has signed in. */
  get account(): MailAccount {
    return this.mail as MailAccount;
  }

  /** Names of mailboxes go in UTF-8 (RFC 6855 §3, RFC 9051 §5.1). */
  get utf8(): boolean {
    return this.features.has('utf8') || this.features.has('rev2');
  }

  has(feature: Feature): boolean {
    return this.features.has(feature);
  }

  enable(feature: Feature): void {
    this.features.add(feature);
    // RFC 7162 §3.2.3.
    if (feature === 'qresync') this.features.add('condstore');
  }

  /** Throws MAIL_NO_ACCOUNT. */
  signIn(user: string): void {
    this.mail = this.shared.store.open(user);
    this.user = user;
  }

  /** RFC 9051 §6.2.1: what was said before TLS is forgotten. */
  secured(): void {
    this.secure = true;
    this.features.clear();
  }

  /** A mailbox's name as it is said here. */
  name(path: string): string {
    return responseText(mailboxPiece(path, this.utf8));
  }

  select(folder: Folder, readOnly: boolean): Selected {
    this.unselect();
    const { account } = this;
    const view = new MailboxView(account.entries(folder));
    const selected: Selected = { folder, view, readOnly, keywords: new Set() };
    this.selected = selected;
    this.claimRecent(selected);
    this.unwatch = account.watch((change) => {
      if (change.type === 'folders') this.lookForFolder(selected);
      else if (change.folder === folder.id) {
        const isOwn = change.by === this;
        view.apply(change, isOwn);
        if (change.added.length > 0) this.claimRecent(selected);
        if (!isOwn || view.hasNews) this.onNews();
      }
    });
    return selected;
  }

  /** EXAMINE changes nothing, for nobody (RFC 3501 §6.3.2). */
  private claimRecent({ folder, view, readOnly }: Selected): void {
    try {
      view.claimRecent(this.account.recent(folder, { take: !readOnly }));
    } catch (error) {
      // It was deleted in the same commit, which is told next.
      if (!hasCode(error, 'MAIL_NO_FOLDER')) throw error;
    }
  }

  unselect(): void {
    this.unwatch?.();
    this.unwatch = undefined;
    this.selected = undefined;
    this.saved = [];
    this.bereft = false;
  }

  private lookForFolder({ folder: { id } }: Selected): void {
    const isThere = this.account.folders().some((one) => one.id === id && one.selectable);
    if (isThere) return;
    this.bereft = true;
    this.onNews();
  }

  /** Indexes of the messages of a set. Throws ImapError. */
  indexes(set: SequenceSet, uid: boolean): number[] {
    const { view } = this.selected as Selected;
    if (set === '$') return this.saved.map((one) => view.indexOf(one)).filter((at) => at >= 0);
    return uid ? view.byUids(set) : view.byNumbers(set);
  }

  /** Says what has happened in the mailbox. Where numbers are in use, nothing is expunged (RFC 9051 §7.5.1). */
  tell(mayExpunge: boolean, uid = false): void {
    const { selected, out } = this;
    if (!selected?.view.hasNews) return;
    const { expunged, exists, changed } = selected.view.take(mayExpunge);
    if (this.has('qresync') && expunged.length > 0) {
      out.say(`* VANISHED ${numbersText(expunged.map((one) => one.uid))}\r\n`);
    } else for (const { number } of expunged) out.say(`* ${number} EXPUNGE\r\n`);
    if (exists !== undefined) {
      out.say(`* ${exists} EXISTS\r\n`);
      if (!this.has('rev2')) out.say(`* ${selected.view.recentCount} RECENT\r\n`);
    }
    for (const { number, entry } of changed) this.tellFlags(number, entry, uid);
  }

  /** An answer of FETCH with the flags that a message has now. */
  tellFlags(number: number, entry: MessageEntry, uid: boolean, isSilent = false): void {
    const { selected, out } = this;
    if (!isSilent) this.tellKeywords(entry);
    const items: string[] = [];
    // RFC 7162 §3.2.4: with QRESYNC the UID is always there.
    if (uid || this.has('qresync')) items.push(`UID ${entry.uid}`);
    if (this.has('condstore')) items.push(`MODSEQ (${entry.modSeq})`);
    if (!isSilent) items.push(`FLAGS (${this.flagsText(entry)})`);
    out.say(`* ${number} FETCH (${items.join(' ')})\r\n`);
    selected?.view.told(entry.uid);
  }

  flagsText({ flags, uid }: MessageEntry): string {
    const isRecent = !this.has('rev2') && this.selected?.view.isRecent(uid);
    return isRecent ? ['\\Recent', ...flags].join(' ') : flags.join(' ');
  }

  /** FLAGS again, when a keyword is new here (RFC 9051 §7.3.5). */
  private tellKeywords({ flags }: MessageEntry): void {
    const { selected } = this;
    if (!selected) return;
    const { keywords } = selected;
    const before = keywords.size;
    for (const flag of flags) keywords.add(flag);
    if (keywords.size > before) this.out.say(`* FLAGS (${[...keywords].join(' ')})\r\n`);
  }

  close(): void {
    this.unselect();
  }
}
