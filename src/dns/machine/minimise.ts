/** QNAME minimisation: each server learns no more of a name than it needs (RFC 9156). */
import { MINIMISE_COUNT, MINIMISE_ONE_LABEL } from '../defaults.ts';
import { isWithin, labelsOf } from '../name.ts';
import type { Name } from '../types.ts';

/** How many labels each query adds, for so many that are hidden still (RFC 9156 §2.3). */
export function labelsToAdd(hidden: number): number[] {
  const single = Math.min(hidden, MINIMISE_ONE_LABEL);
  const left = hidden - single;
  const rounds = Math.min(left, MINIMISE_COUNT - MINIMISE_ONE_LABEL);
  const more = Array.from({ length: rounds }, (_, i) => {
    // What can't be divided equally goes to the last ones.
    const extra = i >= rounds - (left % rounds) ? 1 : 0;
    return Math.floor(left / rounds) + extra;
  });
  return [...new Array<number>(single).fill(1), ...more];
}

/** What of a name the servers of one zone are asked for, step by step up to the whole. */
export class Exposure {
  private readonly names: Name[];

  constructor(name: Name, zone: Name, minimise: boolean) {
    this.names = minimise && isWithin(name, zone) ? steps(name, zone) : [];
    if (this.names.length === 0) this.names.push(name);
  }

  /** The name to ask for now. */
  get name(): Name {
    return this.names[0] as Name;
  }

  get isWhole(): boolean {
    return this.names.length === 1;
  }

  /** Shows the next labels. */
  advance(): void {
    if (!this.isWhole) this.names.shift();
  }

  /** Shows the whole name: to servers that fail on parts of it. */
  reveal(): void {
    this.names.splice(0, this.names.length - 1);
  }
}

function steps(name: Name, zone: Name): Name[] {
  const labels = labelsOf(name);
  let shown = labelsOf(zone).length;
  return labelsToAdd(labels.length - shown).map((count) => {
    shown += count;
    return `${labels.slice(labels.length - shown).join('.')}.`;
  });
}
