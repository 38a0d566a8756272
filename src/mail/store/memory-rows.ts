/** Rows by id, found by groups too, whose changes can be taken back. */

/** What was changed since the commit began, the other way round. */
export class Undo {
  private steps: (() => void)[] | undefined;

  begin(): void {
    this.steps = [];
  }

  add(step: () => void): void {
    this.steps?.push(step);
  }

  forget(): void {
    this.steps = undefined;
  }

  rollBack(): void {
    const steps = this.steps ?? [];
    this.steps = undefined;
    for (const step of steps.reverse()) step();
  }
}

type GroupOf<Row> = (row: Row) => number;

export class MemoryRows<Row, Id = number> {
  private readonly undo: Undo;
  private readonly groupOf: readonly GroupOf<Row>[];
  private readonly rows = new Map<Id, Row>();
  private readonly groups: readonly Map<number, Set<Id>>[];

  constructor(undo: Undo, ...groupOf: readonly GroupOf<Row>[]) {
    this.undo = undo;
    this.groupOf = groupOf;
    this.groups = groupOf.map(() => new Map());
  }

  get(id: Id): Row | undefined {
    return this.rows.get(id);
  }

  keys(): Iterable<Id> {
    return this.rows.keys();
  }

  values(): Iterable<Row> {
    return this.rows.values();
  }

  /** The rows of a group, in the order in which they came to it. */
  group(index: number, value: number): Row[] {
    const ids = this.groups[index]?.get(value) ?? [];
    return Array.from(ids, (id) => this.rows.get(id) as Row);
  }

  ids(index: number, value: number): Id[] {
    return [...(this.groups[index]?.get(value) ?? [])];
  }

  size(index: number, value: number): number {
    return this.groups[index]?.get(value)?.size ?? 0;
  }

  put(id: Id, row: Row): void {
    const before = this.rows.get(id);
    this.set(id, row);
    this.undo.add(() => this.set(id, before));
  }

  remove(id: Id): void {
    const before = this.rows.get(id);
    if (before === undefined) return;
    this.set(id, undefined);
    this.undo.add(() => this.set(id, before));
  }

  removeGroup(index: number, value: number): void {
    for (const id of this.ids(index, value)) this.remove(id);
  }

  private set(id: Id, row: Row | undefined): void {
    const before = this.rows.get(id);
    this.groupOf.forEach((of, index) => {
      const was = before === undefined ? undefined : of(before);
      const is = row === undefined ? undefined : of(row);
      if (was === is) return;
      if (was !== undefined) this.leave(index, was, id);
      if (is !== undefined) this.join(index, is, id);
    });
    if (row === undefined) this.rows.delete(id);
    else this.rows.set(id, row);
  }

  private join(index: number, value: number, id: Id): void {
    const group = this.groups[index]?.get(value);
    if (group) group.add(id);
    else this.groups[index]?.set(value, new Set([id]));
  }

  private leave(index: number, value: number, id: Id): void {
    const group = this.groups[index]?.get(value);
    group?.delete(id);
    if (group?.size === 0) this.groups[index]?.delete(value);
  }
}
