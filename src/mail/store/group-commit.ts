/** Many changes in one commit: each is answered when all of them are on the disk. */
import { type Deferred, deferred } from '../../lib/deferred.ts';
import type { Clock, Timer } from '../../net/index.ts';
import { GROUP_LIMIT, GROUP_SIZE, GROUP_WAIT_MS } from '../defaults.ts';
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
  /** What was done in memory is void: the commit failed. */
  readonly recover: () => void;
  /** It is durable; called before anyone is answered. */
  readonly done: () => void;
}

export class GroupCommit {
  private readonly setting: GroupCommitSetting;
  private waiting: Waiting[] = [];
  private timer: Timer | undefined;
  /** The timer waits for others. */
  private patient = false;
  /** How many the last commit had: one alone is not made to wait for others. */
  private lastSize = 0;
  private running = false;
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

  /** Commits what waits, at once. */
  flush(): void {
    this.timer?.cancel();
    this.timer = undefined;
    if (this.running || this.waiting.length === 0) return;
    this.running = true;
    const group = this.waiting;
    this.waiting = [];
    this.lastSize = group.length;
    try {
      this.commit(group);
    } finally {
      this.running = false;
      if (this.waiting.length > 0) this.arrange();
    }
  }

  /** Commits what waits; nothing more is taken. */
  close(): void {
    this.flush();
    this.closed = true;
    this.timer?.cancel();
  }

  private arrange(): void {
    if (this.running) return;
    if (this.waiting.length >= GROUP_SIZE) {
      this.flush();
      return;
    }
    // As many as last time: those who write are all here.
    const isWhole = this.waiting.length >= this.lastSize;
    if (this.timer && !(isWhole && this.patient)) return;
    this.timer?.cancel();
    this.patient = !isWhole;
    this.timer = this.setting.clock.setTimer(isWhole ? 0 : GROUP_WAIT_MS, () => this.flush());
  }

  /** One that fails takes nobody with it: the others are tried again without it. */
  private commit(group: readonly Waiting[]): void {
    let failing: Waiting | undefined;
    try {
      this.setting.commit(() => {
        for (const one of group) {
          failing = one;
          one.run();
        }
        failing = undefined;
      });
      this.setting.done();
      for (const one of group) one.resolve();
    } catch (error) {
      this.setting.recover();
      if (failing) {
        failing.reject(error);
        const others = group.filter((one) => one !== failing);
        if (others.length > 0) this.commit(others);
      } else for (const one of group) one.reject(error);
    }
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
