/** The least of a mail store: what is committed outlives a crash, group commit takes a moment. */
import { concat } from '../../src/lib/bytes.ts';
import { deferred } from '../../src/lib/deferred.ts';
import { AppError } from '../../src/lib/errors.ts';
import type { Account } from '../../src/mail/types.ts';
import type { Host } from '../../src/net/index.ts';
import { memoryQueueTables, type QueueTables, type RelayStore } from '../../src/relay/index.ts';
import type { Mailbox } from '../../src/smtp/index.ts';

export interface Disk {
  readonly accounts: Account[];
  readonly contents: Map<number, { bytes: Uint8Array; refs: number }>;
  /** By account. */
  readonly boxes: Map<number, Uint8Array[]>;
  readonly queue: QueueTables;
  last: number;
}

export function newDisk(names: readonly string[], domain: string, quota?: number): Disk {
  const accounts = names.map((name, i) => {
    const addresses = [`${name}@${domain}`];
    return { id: i + 1, name, addresses, title: '', quota };
  });
  const queue = memoryQueueTables();
  return { accounts, contents: new Map(), boxes: new Map(), queue, last: 0 };
}

const COMMIT_MS = 3;

export function plainStore(host: Pick<Host, 'clock'>, disk: Disk): RelayStore {
  const staged = new Map<object, Uint8Array>();
  const stageBytes = (bytes: Uint8Array) => {
    const one = { size: bytes.length };
    staged.set(one, bytes);
    return one;
  };
  const used = (account: Account): number =>
    (disk.boxes.get(account.id) ?? []).reduce((sum, { length }) => sum + length, 0);
  let waiting: (() => void)[] = [];
  const write: RelayStore['write'] = (work) => {
    const done = deferred<ReturnType<typeof work>>();
    waiting.push(() => {
      const acts: (() => void)[] = [];
      try {
        const result = work(transaction(disk, staged, used, acts));
        for (const act of acts) act();
        done.resolve(result);
      } catch (error) {
        done.reject(error);
      }
    });
    if (waiting.length === 1) {
      host.clock.setTimer(COMMIT_MS, () => {
        const all = waiting;
        waiting = [];
        for (const one of all) one();
      });
    }
    return done.promise;
  };
  return {
    accounts: () => disk.accounts,
    account: (name) =>
      disk.accounts.find((one) => one.name === name || one.addresses.includes(name)),
    accountFor: ({ local, domain }: Mailbox) =>
      disk.accounts.find((one) => one.addresses.includes(`${local}@${domain}`.toLowerCase())),
    open: (account) => ({ quota: () => ({ used: used(account), limit: account.quota }) }),
    stage() {
      const parts: Uint8Array[] = [];
      return {
        add: (bytes) => void parts.push(bytes),
        finish: () => stageBytes(concat(parts)),
        drop: () => void parts.splice(0),
      };
    },
    stageBytes,
    write,
    contentPieces: (content) => [disk.contents.get(content)?.bytes as Uint8Array],
  };
}

function transaction(
  disk: Disk,
  staged: Map<object, Uint8Array>,
  used: (account: Account) => number,
  acts: (() => void)[],
): Parameters<Parameters<RelayStore['write']>[0]>[0] {
  const made = new Map<number, Uint8Array>();
  const count = (content: number, by: number): void => {
    acts.push(() => {
      const one = disk.contents.get(content);
      if (!one) throw new Error(`no content ${content}`);
      one.refs += by;
      if (one.refs === 0) disk.contents.delete(content);
      if (one.refs < 0) throw new Error(`content ${content} released twice`);
    });
  };
  return {
    content(one, prefix) {
      const bytes = concat([prefix ?? new Uint8Array(0), staged.get(one) as Uint8Array]);
      const content = ++disk.last;
      made.set(content, bytes);
      acts.push(() => void disk.contents.set(content, { bytes, refs: 1 }));
      return content;
    },
    hold: (content) => count(content, 1),
    release: (content) => count(content, -1),
    deliver(content, account, { prefix } = {}) {
      const body = made.get(content) ?? (disk.contents.get(content)?.bytes as Uint8Array);
      const bytes = concat([prefix ?? new Uint8Array(0), body]);
      if (account.quota !== undefined && used(account) + bytes.length > account.quota) {
        throw new AppError('MAIL_OVER_QUOTA', 'full');
      }
      acts.push(() => {
        disk.boxes.set(account.id, [...(disk.boxes.get(account.id) ?? []), bytes]);
      });
    },
  };
}
