/** What was sent lately, as clients ask for it (RFC 8621 §7). It is forgotten with the process: the queue is the relay's. */
import type { Random } from '../net/index.ts';
import { KEPT_SUBMISSIONS } from './defaults.ts';
import type { JsonObject } from './types.ts';

export interface Submission {
  readonly id: string;
  readonly object: JsonObject;
  /** The change that made it. */
  readonly made: number;
}

interface Kept {
  count: number;
  readonly list: Submission[];
  /** Changes up to here are forgotten. */
  floor: number;
  readonly destroyed: { readonly id: string; readonly at: number }[];
}

export class Submissions {
  /** States of an earlier run are not mistaken for those of this one. */
  private readonly run: string;
  private readonly accounts = new Map<number, Kept>();

  constructor(random: Random) {
    this.run = random.uint32().toString(36);
  }

  state(account: number): string {
    return `${this.run}-${this.kept(account).count}`;
  }

  /** Undefined for a state that is not known any more. */
  changesSince(
    account: number,
    state: string,
  ): { readonly created: readonly string[]; readonly destroyed: readonly string[] } | undefined {
    const kept = this.kept(account);
    const [run, digits = ''] = state.split('-');
    const since = /^\d{1,15}$/.test(digits) ? Number(digits) : Number.NaN;
    if (run !== this.run || !(since >= kept.floor && since <= kept.count)) return undefined;
    return {
      created: kept.list.filter(({ made }) => made > since).map(({ id }) => id),
      destroyed: kept.destroyed.filter(({ at }) => at > since).map(({ id }) => id),
    };
  }

  /** The oldest first. */
  list(account: number): readonly Submission[] {
    return this.kept(account).list;
  }

  add(account: number, object: JsonObject): Submission {
    const kept = this.kept(account);
    const made = ++kept.count;
    const id = `S${this.run}-${made}`;
    const submission = { id, object: { id, ...object }, made };
    kept.list.push(submission);
    if (kept.list.length > KEPT_SUBMISSIONS) {
      const gone = kept.list.shift();
      kept.floor = Math.max(kept.floor, gone?.made ?? 0);
    }
    return submission;
  }

  /** False where there is none. What was sent is sent. */
  remove(account: number, id: string): boolean {
    const kept = this.kept(account);
    const at = kept.list.findIndex((one) => one.id === id);
    if (at < 0) return false;
    kept.list.splice(at, 1);
    kept.destroyed.push({ id, at: ++kept.count });
    if (kept.destroyed.length > KEPT_SUBMISSIONS) {
      kept.floor = Math.max(kept.floor, kept.destroyed.shift()?.at ?? 0);
    }
    return true;
  }

  private kept(account: number): Kept {
    const known = this.accounts.get(account) ?? { count: 0, list: [], floor: 0, destroyed: [] };
    this.accounts.set(account, known);
    return known;
  }
}
