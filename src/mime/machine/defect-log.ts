/** Collects defects: each once for a part, at its first place, and not more than the limit. */
import { DEFECT_LIMIT } from '../defaults.ts';
import { type DefectCode, defectText } from '../errors.ts';
import type { Defect } from '../types.ts';

/** Who has a defect; a part learns its path when its header is read. */
export interface Owner {
  readonly path: string;
}

interface Entry {
  readonly code: DefectCode;
  offset: number;
  readonly owner: Owner;
}

export class DefectLog {
  private readonly entries: Entry[] = [];
  private readonly known = new Map<Owner, Map<DefectCode, Entry>>();

  add(code: DefectCode, offset: number, owner: Owner): void {
    const known = this.known.get(owner) ?? new Map<DefectCode, Entry>();
    const same = known.get(code);
    if (same) same.offset = Math.min(same.offset, offset);
    if (same || this.entries.length >= DEFECT_LIMIT) return;
    const entry: Entry = { code, offset, owner };
    known.set(code, entry);
    this.known.set(owner, known);
    this.entries.push(entry);
  }

  /** In the order of the message. */
  list(): readonly Defect[] {
    return this.entries
      .map(({ code, offset, owner }) => ({ code, ...defectText(code), offset, part: owner.path }))
      .sort((a, b) => a.offset - b.offset);
  }
}
