/** The fields of a message: a tree that is walked by the arrow keys. */

import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Field } from '../../../src/trace/types.ts';
import { px } from '../parts/px.ts';
import { texts } from '../texts.ts';
import { Spec } from './rfc.tsx';
import { type Node, nodes } from './tree.ts';

export interface TreeProps {
  readonly fields: readonly Field[];
  readonly open: ReadonlySet<string>;
  readonly chosen: string | undefined;
  readonly onChoose: (path: string) => void;
  readonly onToggle: (path: string, open: boolean) => void;
}

export function FieldTree(props: TreeProps): JSX.Element {
  const { chosen, open } = props;
  const list = nodes(props.fields, open);
  const box = useRef<HTMLDivElement>(null);
  const entry = list.some(({ path }) => path === chosen) ? chosen : list[0]?.path;
  useLayoutEffect(() => {
    const item = box.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    item?.scrollIntoView({ block: 'nearest' });
    if (item && box.current?.contains(document.activeElement)) item.focus();
  }, [chosen]);
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    const node = list.find(({ path }) => path === entry);
    if (node && press(event.key, node, list, props)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const onClick = ({ target }: MouseEvent) => {
    if (target instanceof Element && !target.closest('a')) click(target, list, props);
  };
  return (
    <div
      class="tree"
      role="tree"
      aria-label={texts.message.fields}
      ref={box}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      {list.map((node) => (
        <Item
          key={node.path}
          node={node}
          isOpen={open.has(node.path)}
          isChosen={node.path === chosen}
          isEntry={node.path === entry}
        />
      ))}
    </div>
  );
}

function Item(props: {
  node: Node;
  isOpen: boolean;
  isChosen: boolean;
  isEntry: boolean;
}): JSX.Element {
  const { node, isOpen, isChosen } = props;
  const { field } = node;
  const inner = (field.children?.length ?? 0) > 0;
  return (
    <div
      role="treeitem"
      class={inner ? 'field inner' : 'field'}
      style={{ paddingLeft: px(4 + node.depth * 15) }}
      aria-level={node.depth + 1}
      aria-posinset={node.position}
      aria-setsize={node.siblings}
      aria-selected={isChosen}
      aria-expanded={inner ? isOpen : undefined}
      tabIndex={props.isEntry ? 0 : -1}
      title={`${field.name}: ${field.value}`}
      data-path={node.path}
    >
      <i class="twist" aria-hidden="true">
        {inner ? (isOpen ? '▾' : '▸') : ''}
      </i>
      <b>{field.name}</b> <span class="value">{field.value}</span>
      {isChosen && field.spec && <Spec spec={field.spec} />}
    </div>
  );
}

/** Chooses a field; its sign, or a second click, opens and closes it. */
function click(target: Element, list: readonly Node[], tree: TreeProps): void {
  const path = target.closest<HTMLElement>('[data-path]')?.dataset['path'];
  const node = list.find((candidate) => candidate.path === path);
  if (!node) return;
  const again = node.path === tree.chosen || target.closest('.twist') !== null;
  if (again && node.field.children?.length) tree.onToggle(node.path, !tree.open.has(node.path));
  tree.onChoose(node.path);
}

/** Does what a key means at a node; false when it means nothing there. */
function press(key: string, node: Node, list: readonly Node[], tree: TreeProps): boolean {
  const at = list.indexOf(node);
  const inner = (node.field.children?.length ?? 0) > 0;
  const isOpen = tree.open.has(node.path);
  const go = (path: string | undefined) => {
    if (path !== undefined) tree.onChoose(path);
    return true;
  };
  if (key === 'ArrowDown') return go(list[at + 1]?.path);
  if (key === 'ArrowUp') return go(list[at - 1]?.path);
  if (key === 'Home') return go(list[0]?.path);
  if (key === 'End') return go(list.at(-1)?.path);
  if (key === 'ArrowLeft' && !(inner && isOpen)) return go(node.parent);
  if (key === 'ArrowRight' && inner && isOpen) return go(list[at + 1]?.path);
  const toggles = key === 'ArrowLeft' || key === 'ArrowRight' || key === 'Enter' || key === ' ';
  if (!toggles) return false;
  tree.onChoose(node.path);
  if (inner) tree.onToggle(node.path, !isOpen);
  return true;
}
