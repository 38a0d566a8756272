/** What is worked out of an account's mail, and kept until it changes. */
import type { Facts, Folder, MailAccount, MessageEntry } from '../mail/index.ts';
import type { Message } from '../mime/index.ts';
import { KEPT_FOLDER_LISTS, KEPT_QUERIES } from './defaults.ts';
import { makeId } from './machine/ids.ts';
import {
  type Counts,
  countsOf,
  isVisible,
  mailboxObject,
  NO_COUNTS,
  roleOf,
} from './machine/mailboxes.ts';
import { type MatchSource, stagesOf } from './machine/matching.ts';
import { sortEntries, sortNeedsFacts } from './machine/sorting.ts';
import type { Comparator, EmailCondition, Filter, JsonObject } from './types.ts';

export interface EmailQuery {
  readonly filter: Filter<EmailCondition> | undefined;
  readonly sort: readonly Comparator[];
  readonly collapseThreads: boolean;
}

/** Mailboxes by their ids. */
export type MailboxList = ReadonlyMap<string, JsonObject>;

interface Known {
  readonly modSeq: number;
  readonly visible: readonly MessageEntry[];
  counts: ReadonlyMap<number, Counts> | undefined;
  threads: ReadonlyMap<number, readonly MessageEntry[]> | undefined;
  readonly queries: Map<string, readonly MessageEntry[]>;
}

const DESKS = new WeakMap<MailAccount, Desk>();

/** The same for the same account. */
export function deskOf(mail: MailAccount): Desk {
  const known = DESKS.get(mail) ?? new Desk(mail);
  DESKS.set(mail, known);
  return known;
}

export class Desk {
  readonly mail: MailAccount;
  private known: Known | undefined;
  /** Lists of mailboxes that clients were given the state of. */
  private readonly lists = new Map<string, MailboxList>();

  constructor(mail: MailAccount) {
    this.mail = mail;
  }

  /** Of messages and conversations. */
  get state(): string {
    return String(this.mail.modSeq);
  }

  /** Of folders and their counts. */
  get mailboxState(): string {
    const state = `${this.mail.foldersModSeq}-${this.mail.modSeq}`;
    if (this.lists.has(state)) return state;
    this.lists.set(state, this.mailboxes());
    const [oldest] = this.lists.keys();
    if (this.lists.size > KEPT_FOLDER_LISTS && oldest !== undefined) this.lists.delete(oldest);
    return state;
  }

  /** As they were; undefined: it is too long ago to know. */
  mailboxesAt(state: string): MailboxList | undefined {
    return this.lists.get(state);
  }

  mailboxes(): MailboxList {
    const folders = this.mail.folders();
    const counts = this.counts();
    return new Map(
      folders.map((folder) => [
        makeId('F', folder.id),
        mailboxObject(folder, folders, counts.get(folder.id) ?? NO_COUNTS),
      ]),
    );
  }

  folder(id: number | undefined): Folder | undefined {
    return this.mail.folders().find((folder) => folder.id === id);
  }

  /** All messages of the account that JMAP shows, by folder and UID. */
  visible(): readonly MessageEntry[] {
    return this.now().visible;
  }

  /** The one with this number, if it is shown. */
  entry(id: number | undefined): MessageEntry | undefined {
    const entry = id === undefined ? undefined : this.mail.byId(id);
    return entry && isVisible(entry) ? entry : undefined;
  }

  /** The oldest first. */
  thread(id: number): readonly MessageEntry[] {
    return this.threads().get(id) ?? [];
  }

  threads(): ReadonlyMap<number, readonly MessageEntry[]> {
    const known = this.now();
    known.threads ??= threadsOf(known.visible);
    return known.threads;
  }

  counts(): ReadonlyMap<number, Counts> {
    const known = this.now();
    const trash = this.mail.folders().find((folder) => roleOf(folder) === 'trash');
    known.counts ??= countsOf(known.visible, trash?.id);
    return known.counts;
  }

  /** All messages that fit, in order; kept, so that paging sorts once. */
  query(query: EmailQuery): readonly MessageEntry[] {
    const { queries } = this.now();
    const key = JSON.stringify(query);
    const known = queries.get(key);
    if (known) return known;
    const found = this.found(query);
    queries.set(key, found);
    const [oldest] = queries.keys();
    if (queries.size > KEPT_QUERIES && oldest !== undefined) queries.delete(oldest);
    return found;
  }

  private found({ filter, sort, collapseThreads }: EmailQuery): readonly MessageEntry[] {
    const source = this.source();
    let rest = this.visible();
    for (const { cost, test } of stagesOf(filter, source)) {
      if (cost > 0) source.load(rest);
      rest = rest.filter(test);
    }
    if (sortNeedsFacts(sort)) source.load(rest);
    const sorted = sortEntries(rest, sort, source);
    return collapseThreads ? collapsed(sorted) : sorted;
  }

  private source(): MatchSource & { load(entries: readonly MessageEntry[]): void } {
    const { mail } = this;
    let facts: ReadonlyMap<number, Facts> = new Map();
    return {
      load: (entries) => {
        if (facts.size === 0) facts = mail.facts(entries.map(({ content }) => content));
      },
      facts: (content) => facts.get(content),
      message: (content) => messageOf(mail, content),
      candidates: (text) => mail.candidates(text),
      thread: (id) => this.thread(id),
    };
  }

  private now(): Known {
    const { modSeq } = this.mail;
    if (this.known?.modSeq === modSeq) return this.known;
    const visible = this.mail
      .folders()
      .filter(({ selectable }) => selectable)
      .flatMap((folder) => this.mail.entries(folder).filter(isVisible));
    this.known = { modSeq, visible, counts: undefined, threads: undefined, queries: new Map() };
    return this.known;
  }
}

function threadsOf(entries: readonly MessageEntry[]): ReadonlyMap<number, readonly MessageEntry[]> {
  const threads = Map.groupBy(entries, ({ thread }) => thread);
  for (const some of threads.values()) {
    some.sort((a, b) => a.received - b.received || a.id - b.id);
  }
  return threads;
}

function collapsed(entries: readonly MessageEntry[]): readonly MessageEntry[] {
  const seen = new Set<number>();
  return entries.filter(({ thread }) => {
    if (seen.has(thread)) return false;
    seen.add(thread);
    return true;
  });
}

/** Undefined where it is gone. */
function messageOf(mail: MailAccount, content: number): Message | undefined {
  try {
    return mail.message(content);
  } catch {
    return undefined;
  }
}
