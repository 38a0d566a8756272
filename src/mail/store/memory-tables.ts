/** Tables in memory. They outlive their store as a disk does, so that a host of the simulated network can crash. */
import type { MessageEntry } from '../types.ts';
import { MemoryContents, MemoryTexts } from './memory-contents.ts';
import { MemoryRows, Undo } from './memory-rows.ts';
import type {
  AccountTable,
  ChangedMessage,
  Counters,
  FolderTable,
  Gone,
  GoneTable,
  MailTables,
  MessageTable,
  StoredAccount,
  StoredFolder,
  StoredMessage,
  ThreadTable,
} from './tables.ts';

export function memoryMailTables(): MailTables {
  return new MemoryMailTables();
}

class MemoryMailTables implements MailTables {
  private readonly undo = new Undo();
  private numbers: Counters = { account: 0, folder: 0, message: 0, content: 0, uidValidity: 0 };
  private readonly rows = new MemoryMessages(this.undo);
  readonly accounts: AccountTable = accountTable(this.undo, this.rows);
  readonly folders: FolderTable = this.rows.folders;
  readonly messages: MessageTable = this.rows;
  readonly gone: GoneTable = this.rows.gone;
  readonly threads: ThreadTable = this.rows.threads;
  readonly contents = new MemoryContents(this.undo);
  readonly texts = new MemoryTexts();

  commit(work: () => void): void {
    this.undo.begin();
    try {
      work();
      this.undo.forget();
    } catch (error) {
      this.undo.rollBack();
      throw error;
    }
  }

  sync(): undefined {
    return undefined;
  }

  counters(): Counters {
    return { ...this.numbers };
  }

  putCounters(counters: Counters): void {
    const before = this.numbers;
    this.undo.add(() => {
      this.numbers = before;
    });
    this.numbers = { ...counters };
  }
}

function accountTable(undo: Undo, messages: MemoryMessages): AccountTable {
  const rows = new MemoryRows<StoredAccount>(undo);
  return {
    all: () => [...rows.values()],
    put: (account) => rows.put(account.id, account),
    remove(id) {
      rows.remove(id);
      messages.removeAccount(id);
    },
  };
}

interface MessageRow {
  readonly entry: MessageEntry;
  readonly account: number;
  readonly created: number;
}

class MemoryMessages implements MessageTable {
  private readonly folderRows: MemoryRows<StoredFolder>;
  private readonly rows: MemoryRows<MessageRow>;
  private readonly goneRows: MemoryRows<Gone>;
  private readonly threadRows: MemoryRows<number, string>;
  private goneCount = 0;
  readonly folders: FolderTable;
  readonly gone: GoneTable;
  readonly threads: ThreadTable;

  constructor(undo: Undo) {
    this.folderRows = new MemoryRows(undo, ({ account }) => account);
    this.rows = new MemoryRows(
      undo,
      ({ entry }) => entry.folder,
      ({ entry }) => entry.thread,
    );
    this.goneRows = new MemoryRows(
      undo,
      ({ account }) => account,
      ({ folder }) => folder,
    );
    this.threadRows = new MemoryRows<number, string>(undo, (thread) => thread);
    this.folders = {
      of: (account) => this.folderRows.group(0, account),
      put: (folder) => this.folderRows.put(folder.id, folder),
      remove: (id) => this.removeFolder(id),
    };
    this.gone = this.goneTable();
    this.threads = this.threadTable();
  }

  of(folder: number): MessageEntry[] {
    const entries = this.rows.group(0, folder).map(({ entry }) => entry);
    return entries.sort((a, b) => a.uid - b.uid);
  }

  byId(account: number, id: number): MessageEntry | undefined {
    const row = this.rows.get(id);
    return row?.account === account ? row.entry : undefined;
  }

  ofThread(account: number, thread: number): MessageEntry[] {
    const rows = this.rows.group(1, thread).filter((row) => row.account === account);
    return rows.map(({ entry }) => entry);
  }

  put({ account, created, ...entry }: StoredMessage): void {
    this.rows.put(entry.id, { entry, account, created });
  }

  change(entry: MessageEntry): void {
    const { account, created } = this.rows.get(entry.id) as MessageRow;
    this.rows.put(entry.id, { entry, account, created });
  }

  remove(id: number): void {
    this.rows.remove(id);
  }

  changedSince(account: number, modSeq: number): ChangedMessage[] {
    const all = this.folderRows.group(0, account).flatMap(({ id }) => this.rows.group(0, id));
    const changed = all.filter(({ entry }) => entry.modSeq > modSeq);
    return changed.map(({ entry, created }) => ({ id: entry.id, created, modSeq: entry.modSeq }));
  }

  removeAccount(id: number): void {
    for (const folder of this.folderRows.group(0, id)) this.removeFolder(folder.id);
    this.goneRows.removeGroup(0, id);
    const prefix = `${id} `;
    for (const key of [...this.threadRows.keys()]) {
      if (key.startsWith(prefix)) this.threadRows.remove(key);
    }
  }

  private removeFolder(id: number): void {
    this.rows.removeGroup(0, id);
    this.folderRows.remove(id);
  }

  private goneTable(): GoneTable {
    const rows = this.goneRows;
    const since = (group: readonly Gone[], modSeq: number) =>
      group.filter((gone) => gone.modSeq > modSeq);
    return {
      add: (gone) => rows.put(++this.goneCount, gone),
      vanished: (folder, modSeq) =>
        since(rows.group(1, folder), modSeq)
          .map(({ uid }) => uid)
          .sort((a, b) => a - b),
      destroyed: (account, modSeq) =>
        since(rows.group(0, account), modSeq).flatMap(({ message }) => message ?? []),
      count: (account) => rows.size(0, account),
      prune(account, keep) {
        const ids = rows.ids(0, account);
        const old = ids.slice(0, Math.max(0, ids.length - keep));
        const last = rows.get(old.at(-1) ?? 0);
        for (const id of old) rows.remove(id);
        return last?.modSeq ?? 0;
      },
    };
  }

  private threadTable(): ThreadTable {
    const rows = this.threadRows;
    return {
      join(account, keys, thread) {
        const rowKeys = keys.map((key) => `${account} ${key}`);
        const known = rowKeys.find((key) => rows.get(key) !== undefined);
        const joined = known === undefined ? thread : (rows.get(known) as number);
        for (const key of rowKeys) if (rows.get(key) === undefined) rows.put(key, joined);
        return joined;
      },
      remove: (_account, thread) => rows.removeGroup(0, thread),
    };
  }
}
