/** Many changes in one commit: each is answered when all of them are on the disk. */
import { type Deferred, deferred } from '../../lib/deferred.ts';
import type { Clock, Timer } from '../../net/index.ts';
import { GROUP_LIMIT, GROUP_SIZE } from '../defaults.ts';
import { mailError, overLimit } from '../errors.ts';

interface Waiting {
  /** Does it, and keeps what to answer. */
  run(): void;
  resolve(): void;
  reject(error: unknown): void;
}

export interface GroupCommitSetting {
  readonly clock: Pick<Clock, 'setTimer'>;
  /** All of `work` or nothing. */
  readonly commit: (work: () => void) => void;
  /** What was committed is on the disk when it resolves; undefined where it is at once. `alone`: nobody else is about to write. */
  readonly sync: (alone: boolean) => Promise<void> | undefined;
  /** What was done in memory is void: the commit failed. */
  readonly recover: () => void;
  /** It is durable; called before anyone is answered. */
  readonly done: () => void;
}

/** While the disk works on one commit, those that come gather for the next: nobody waits for a clock. */
export class GroupCommit {
  private readonly setting: GroupCommitSetting;
  private waiting: Waiting[] = [];
  private timer: Timer | undefined;
  private running = false;
  /** How many the last commit was for. */
  private before = 0;
  private syncing: Promise<void> | undefined;
  private closed = false;

  constructor(setting: GroupCommitSetting) {
    this.setting = setting;
  }

  /** Rejects with what `work` throws, FILE_NO_SPACE, MAIL_CLOSED, or LimitError MAIL_LIMIT. */
  write<T>(work: () => T): Promise<T> {
    const answer = deferred<T>();
    if (this.closed) answer.reject(mailError('MAIL_CLOSED', 'The store of mail is closed'));
    else if (this.waiting.length >= GROUP_LIMIT) {
      answer.reject(overLimit('Too many changes wait for the disk', GROUP_LIMIT));
    } else {
      this.waiting.push(waitingFor(work, answer));
      this.arrange();
    }
    return answer.promise;
  }

  /** Commits what waits; nothing more is taken. */
  async close(): Promise<void> {
    this.closed = true;
    while (this.waiting.length > 0 || this.syncing) {
      if (this.syncing) await this.syncing;
      else this.flush();
    }
    this.timer?.cancel();
  }

  /** All that come in the same turn share a commit. */
  private arrange(): void {
    if (this.running || this.syncing || this.waiting.length === 0) return;
    this.timer ??= this.setting.clock.setTimer(0, () => this.flush());
  }

  private flush(): void {
    this.timer?.cancel();
    this.timer = undefined;
    if (this.running || this.syncing) return;
    this.running = true;
    const group = this.commit(this.waiting.splice(0, GROUP_SIZE));
    this.running = false;
    try {
      this.settle(group);
    } finally {
      this.arrange();
    }
  }

  /** Those that were committed: one that fails takes nobody with it, the others are tried again without it. */
  private commit(group: readonly Waiting[]): readonly Waiting[] {
    if (group.length === 0) return group;
    let failing: Waiting | undefined;
    try {
      this.setting.commit(() => {
        for (const one of group) {
          failing = one;
          one.run();
        }
        failing = undefined;
      });
      return group;
    } catch (error) {
      this.setting.recover();
      const lost = failing ? [failing] : group;
      for (const one of lost) one.reject(error);
      return this.commit(group.filter((one) => !lost.includes(one)));
    }
  }

  private settle(group: readonly Waiting[]): void {
    if (group.length === 0) return;
    // What is on the disk is answered, whatever becomes of those who listen.
    const durable = (): void => {
      try {
        this.setting.done();
      } finally {
        for (const one of group) one.resolve();
      }
    };
    const alone = group.length === 1 && this.before === 1 && this.waiting.length === 0;
    this.before = group.length;
    const synced = this.setting.sync(alone);
    if (!synced) {
      durable();
      return;
    }
    const lost = (error: unknown): void => {
      this.setting.recover();
      for (const one of group) one.reject(error);
    };
    this.syncing = synced.then(durable, lost).finally(() => {
      this.syncing = undefined;
      this.arrange();
    });
  }
}

function waitingFor<T>(work: () => T, answer: Deferred<T>): Waiting {
  let result: { readonly value: T } | undefined;
  return {
    run() {
      result = { value: work() };
    },
    resolve() {
      if (result) answer.resolve(result.value);
    },
    reject: (error) => answer.reject(error),
  };
}
