/** The fields of a message as rows, and the way from bytes to fields. */
import type { Field } from '../../../src/trace/types.ts';

/** A field with its place in the tree: `0`, `0.2`, `0.2.1`. */
export interface Node {
  readonly path: string;
  readonly depth: number;
  readonly field: Field;
  readonly parent: string | undefined;
  readonly position: number;
  readonly siblings: number;
}

/** All nodes, or those whose parents are all in `open`. */
export function nodes(fields: readonly Field[], open?: ReadonlySet<string>, parent?: Node): Node[] {
  return fields.flatMap((field, index) => {
    const node: Node = {
      path: parent ? `${parent.path}.${index}` : `${index}`,
      depth: parent ? parent.depth + 1 : 0,
      field,
      parent: parent?.path,
      position: index + 1,
      siblings: fields.length,
    };
    const shown = open === undefined || open.has(node.path);
    return [node, ...(shown ? nodes(field.children ?? [], open, node) : [])];
  });
}

/** Two parts only say again what their whole says, as the name and value of a header field do. */
const TELLING = 3;

/** The first level is open where it tells more than its line; an only child opens with its parent. */
export function openAtFirst(fields: readonly Field[]): ReadonlySet<string> {
  const open = new Set<string>();
  for (const { path, depth, field, parent, siblings } of nodes(fields)) {
    const count = field.children?.length ?? 0;
    const first = depth === 0 && (count === 1 || count >= TELLING);
    const only = depth === 1 && siblings === 1 && count > 0 && open.has(parent ?? '');
    if (first || only) open.add(path);
  }
  return open;
}

/** The innermost field that a byte belongs to. */
export function innermost(fields: readonly Field[], offset: number): Node | undefined {
  const holding = nodes(fields).filter(({ field }) => field.start <= offset && offset < field.end);
  return holding.reduce<Node | undefined>(
    (best, node) => (best && best.depth >= node.depth && size(best) <= size(node) ? best : node),
    undefined,
  );
}

function size({ field }: Node): number {
  return field.end - field.start;
}

/** The paths of all that hold a node: `0.2.1` is held by `0.2` and `0`. */
export function holders(path: string): string[] {
  const parts = path.split('.');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'));
}
