/** When: a column for each host, a row for each message. */

import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { MessageLine } from '../../../src/trace/message.ts';
import { useSize } from '../parts/hooks.ts';
import { px } from '../parts/px.ts';
import { select } from '../state/actions.ts';
import { following, rows, selectedId } from '../state/store.ts';
import { markedMessages } from '../state/web.ts';
import { texts } from '../texts.ts';
import { type Lanes, planLanes, type Sight, TIME_WIDTH } from './geometry.ts';
import { Quiet, Row } from './row.tsx';
import { QUIET_HEIGHT, ROW_HEIGHT, type Rows, rowsIn } from './rows.ts';

const HEAD_HEIGHT = 36;
/** Room below the last row. */
const TAIL = 24;

/** How near to the end counts as at the end. */
const NEAR = 12;

type Box = { readonly current: HTMLDivElement | null };

export function Ladder(): JSX.Element {
  const view = rows.value;
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const [top, setTop] = useState(0);
  const [left, setLeft] = useState(0);
  const lanes = planLanes(view.columns, size.width);
  const height = view.height + TAIL;
  useFollowing(box, height, view, lanes);
  useSelectionInSight(box, view, lanes);
  const room = size.height - HEAD_HEIGHT;
  const start = following.value ? Math.max(0, height - room) : top;
  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    const below = element.scrollHeight - element.clientHeight - element.scrollTop;
    if (below <= NEAR) following.value = true;
    else if (element.scrollTop < top) following.value = false;
    setTop(element.scrollTop);
    setLeft(element.scrollLeft);
  };
  return (
    <div
      class="scroller"
      ref={box}
      onScroll={onScroll}
      onClick={({ target }) => choose(target)}
      onKeyDown={toFields}
      role="listbox"
      tabIndex={0}
      aria-label={texts.ladder.messages}
      aria-activedescendant={
        selectedId.value === undefined ? undefined : `message-${selectedId.value}`
      }
    >
      <Heads view={view} lanes={lanes} />
      <div class="rungs" role="presentation" style={{ width: px(lanes.width), height: px(height) }}>
        <Lifelines lanes={lanes} />
        <i class="gutter" />
        <Visible
          view={view}
          lanes={lanes}
          sight={{ left, right: left + size.width }}
          top={start}
          room={room}
        />
      </div>
    </div>
  );
}

function choose(target: EventTarget | null): void {
  const row = target instanceof Element && target.closest<HTMLElement>('[data-message]');
  if (row) select(Number(row.dataset['message']));
}

/** Enter goes on into the chosen message. */
function toFields(event: KeyboardEvent): void {
  const field = document.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]');
  if (event.key !== 'Enter' || !field) return;
  event.preventDefault();
  field.focus();
}

function Visible(props: {
  view: Rows;
  lanes: Lanes;
  sight: Sight;
  top: number;
  room: number;
}): JSX.Element {
  const { view, lanes } = props;
  const { first, end } = rowsIn(view.tops, props.top, props.room);
  return (
    <>
      {view.messages.slice(first, end).map((message, offset) => {
        const index = first + offset;
        const top = view.tops[index] ?? 0;
        const quiet = view.quiet[index] ?? 0;
        return (
          <>
            {quiet > 0 && <Quiet key={`quiet-${message.id}`} top={top - QUIET_HEIGHT} ms={quiet} />}
            <Row
              key={message.id}
              message={message}
              top={top}
              lanes={lanes}
              sight={props.sight}
              position={index + 1}
              count={view.messages.length}
              selected={message.id === selectedId.value}
              marked={markedMessages.value.has(message.id)}
            />
          </>
        );
      })}
    </>
  );
}

function Heads({ view, lanes }: { view: Rows; lanes: Lanes }): JSX.Element {
  return (
    <div
      class="heads"
      role="presentation"
      style={{ width: px(lanes.width), height: px(HEAD_HEIGHT) }}
    >
      <span class="unit">{texts.ladder.time}</span>
      {view.columns.map((host) => (
        <span
          key={host}
          style={{ left: px(lanes.x.get(host)), width: px(lanes.lane - 6) }}
          title={host}
        >
          {host}
        </span>
      ))}
    </div>
  );
}

function Lifelines({ lanes }: { lanes: Lanes }): JSX.Element {
  return (
    <>
      {[...lanes.x].map(([host, x]) => (
        <i key={host} class="lifeline" style={{ left: px(x) }} />
      ))}
    </>
  );
}

function useFollowing(box: Box, height: number, view: Rows, lanes: Lanes): void {
  const follow = following.value;
  useLayoutEffect(() => {
    if (!follow || !box.current) return;
    box.current.scrollTop = height;
    bringAcross(box.current, view.messages.at(-1), lanes);
  }, [box, follow, height]);
}

/** Moves sideways, when not all columns fit, to where an arrow is. */
function bringAcross(
  element: HTMLElement,
  message: MessageLine | undefined,
  { x, lane }: Lanes,
): void {
  if (!message || element.scrollWidth <= element.clientWidth) return;
  const ends = [x.get(message.from) ?? 0, x.get(message.to) ?? 0];
  const left = Math.min(...ends) - TIME_WIDTH - lane / 2;
  const right = Math.max(...ends) + lane / 2 - element.clientWidth;
  if (element.scrollLeft < right) element.scrollLeft = right;
  if (element.scrollLeft > left) element.scrollLeft = left;
}

/** Brings the chosen row into sight, when it was chosen elsewhere or by key. */
function useSelectionInSight(box: Box, view: Rows, lanes: Lanes): void {
  const id = selectedId.value;
  useLayoutEffect(() => {
    const index = view.messages.findIndex((message) => message.id === id);
    const element = box.current;
    if (id === undefined || index === -1 || !element) return;
    const top = view.tops[index] ?? 0;
    const room = element.clientHeight - HEAD_HEIGHT;
    if (top < element.scrollTop) element.scrollTop = Math.max(0, top - ROW_HEIGHT);
    else if (top + ROW_HEIGHT > element.scrollTop + room)
      element.scrollTop = top + 2 * ROW_HEIGHT - room;
    bringAcross(element, view.messages[index], lanes);
  }, [box, id]);
}
