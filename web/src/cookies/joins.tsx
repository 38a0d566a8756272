/** Lines between the cookies on the left and the entries on the right that belong to them. */
import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CookiesView } from '../../../src/internet/dashboard/api-web.ts';
import { useSize } from '../parts/hooks.ts';
import { pointedAt } from './entry-tag.tsx';

interface Join {
  readonly id: string;
  readonly path: string;
}

export function Joins(props: { view: CookiesView; children: ComponentChildren }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box);
  const [joins, setJoins] = useState<readonly Join[]>([]);
  useLayoutEffect(() => {
    if (box.current) setJoins(joinsIn(box.current));
  }, [props.view, width, height]);
  return (
    <div class="sides" ref={box}>
      <svg class="joins" width={width} height={height} aria-hidden="true">
        {joins.map(({ id, path }) => (
          <path key={path} d={path} class={pointedAt.value === id ? 'on' : ''} />
        ))}
      </svg>
      {props.children}
    </div>
  );
}

/** From the right edge of each tag on the left to the left edge of its partner. */
function joinsIn(box: HTMLElement): readonly Join[] {
  const frame = box.getBoundingClientRect();
  const tags = (side: string) => [
    ...box.querySelectorAll<HTMLElement>(`.entry-tag[data-side="${side}"]`),
  ];
  const entries = new Map(tags('site').map((tag) => [tag.dataset['entry'], tag]));
  return tags('jar').flatMap((tag) => {
    const id = tag.dataset['entry'] ?? '';
    const [from, to] = [tag, entries.get(id)].map((element) => element?.getBoundingClientRect());
    if (!from || !to || to.left < from.right) return [];
    const [startX, startY] = [from.right - frame.left, from.top - frame.top + from.height / 2];
    const [endX, endY] = [to.left - frame.left, to.top - frame.top + to.height / 2];
    const middle = (startX + endX) / 2;
    return [
      { id, path: `M${startX} ${startY}C${middle} ${startY} ${middle} ${endY} ${endX} ${endY}` },
    ];
  });
}
