/** Contents of messages in memory. */
import type { Facts, Summary } from '../types.ts';
import { MemoryRows, type Undo } from './memory-rows.ts';
import type { ContentTable, StoredContent, TextTable } from './tables.ts';

export class MemoryContents implements ContentTable {
  private readonly undo: Undo;
  private readonly rows: MemoryRows<StoredContent>;
  private readonly summaries: MemoryRows<Summary>;
  private readonly pieces = new Map<number, Uint8Array[]>();

  constructor(undo: Undo) {
    this.undo = undo;
    this.rows = new MemoryRows(undo);
    this.summaries = new MemoryRows(undo);
  }

  get(id: number): StoredContent | undefined {
    return this.rows.get(id);
  }

  put(content: StoredContent): void {
    this.rows.put(content.id, content);
  }

  show(): void {}

  hold(id: number, by: number): void {
    const content = this.rows.get(id);
    if (content) this.rows.put(id, { ...content, holders: content.holders + by });
  }

  remove(id: number): void {
    this.rows.remove(id);
    this.summaries.remove(id);
    this.replacePieces(id, undefined);
  }

  piece(id: number, index: number): Uint8Array | undefined {
    return this.pieces.get(id)?.[index];
  }

  putPiece(id: number, index: number, bytes: Uint8Array): void {
    const pieces = [...(this.pieces.get(id) ?? [])];
    pieces[index] = bytes;
    this.replacePieces(id, pieces);
  }

  removeStrays(): void {
    for (const id of [...this.pieces.keys()]) if (!this.rows.get(id)) this.pieces.delete(id);
  }

  summary(id: number): Summary | undefined {
    return this.summaries.get(id);
  }

  keepSummary(id: number, summary: Summary): void {
    this.summaries.put(id, summary);
  }

  facts(ids: readonly number[]): Map<number, Facts> {
    const found = new Map<number, Facts>();
    for (const id of ids) {
      const summary = this.summaries.get(id);
      if (summary) found.set(id, summary.facts);
    }
    return found;
  }

  private replacePieces(id: number, pieces: Uint8Array[] | undefined): void {
    const before = this.pieces.get(id);
    const set = (value: Uint8Array[] | undefined) => {
      if (value) this.pieces.set(id, value);
      else this.pieces.delete(id);
    };
    this.undo.add(() => set(before));
    set(pieces);
  }
}

/** Without an index any message may have any text. */
export class MemoryTexts implements TextTable {
  missing(): number[] {
    return [];
  }

  add(): void {}

  remove(): void {}

  candidates(): undefined {
    return undefined;
  }
}
