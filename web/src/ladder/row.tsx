/** One message as an arrow with what it says. */

import type { JSX } from 'preact';
import type { MessageLine } from '../../../src/trace/message.ts';
import { px } from '../parts/px.ts';
import { durationText, timeText } from '../state/units.ts';
import { texts } from '../texts.ts';
import { type Arrow, type Lanes, planArrow, type Sight } from './geometry.ts';
import { QUIET_HEIGHT, ROW_HEIGHT } from './rows.ts';

export interface RowProps {
  readonly message: MessageLine;
  readonly top: number;
  readonly lanes: Lanes;
  readonly sight: Sight;
  readonly position: number;
  readonly count: number;
  readonly selected: boolean;
  /** Belongs to the same object of a page as the selected one. */
  readonly marked: boolean;
}

export function Row({
  message,
  top,
  lanes,
  sight,
  position,
  count,
  selected,
  marked,
}: RowProps): JSX.Element {
  const arrow = planArrow(message, lanes, sight);
  const kind = [
    'row',
    `p-${message.protocol}`,
    message.role === 'reply' && 'reply',
    marked && 'marked',
    (message.lost !== undefined || message.malformed) && 'bad',
  ];
  return (
    <div
      id={`message-${message.id}`}
      class={kind.filter(Boolean).join(' ')}
      role="option"
      aria-selected={selected}
      aria-posinset={position}
      aria-setsize={count}
      tabIndex={-1}
      style={{ transform: `translateY(${top}px)`, height: px(ROW_HEIGHT) }}
      data-message={message.id}
    >
      <span class="time">{timeText(message.sentAt)}</span>
      <Label message={message} arrow={arrow} />
      <Wire message={message} arrow={arrow} width={lanes.width} />
    </div>
  );
}

function Label({ message, arrow }: { message: MessageLine; arrow: Arrow }): JSX.Element {
  const { x, room, align } = arrow.label;
  const style =
    align === 'left'
      ? { left: px(x), maxWidth: px(room) }
      : { right: `calc(100% - ${x}px)`, maxWidth: px(room) };
  return (
    <span class="said" style={style} title={message.summary}>
      <b class="word">{message.protocol.toUpperCase()}</b>{' '}
      <span class="unseen">{texts.ladder.way(message.from, message.to)}</span> {message.summary}
      {message.malformed && <em> {texts.ladder.malformed}</em>}
      {message.lost !== undefined && message.lost !== message.summary && (
        <em> {texts.ladder.lost(message.lost)}</em>
      )}
      {message.opens && <small> {texts.ladder.newConnection}</small>}
    </span>
  );
}

const WIRE_TOP = 19;

function Wire(props: { message: MessageLine; arrow: Arrow; width: number }): JSX.Element {
  const { message, width } = props;
  const { fromX, toX, slant } = props.arrow;
  const end = WIRE_TOP + slant;
  return (
    <svg class="wire" width={width} height={ROW_HEIGHT} aria-hidden="true">
      {fromX === toX ? (
        <path d={`M${fromX} ${WIRE_TOP - 4}h22v9h-16`} />
      ) : (
        <line x1={fromX} y1={WIRE_TOP} x2={toX} y2={end} />
      )}
      {message.opens && <circle cx={fromX} cy={WIRE_TOP} r="3.2" />}
      {message.lost === undefined ? (
        <Head
          x={fromX === toX ? fromX : toX}
          y={fromX === toX ? WIRE_TOP + 5 : end}
          left={toX <= fromX}
        />
      ) : (
        <path class="cross" d={`M${toX - 5} ${end - 5}l10 10m0-10l-10 10`} />
      )}
    </svg>
  );
}

function Head({ x, y, left }: { x: number; y: number; left: boolean }): JSX.Element {
  return <path class="head" d={left ? `M${x} ${y}l9-4.4v8.4z` : `M${x} ${y}l-9-4.4v8.4z`} />;
}

/** Folded time in which nothing was under way. */
export function Quiet({ top, ms }: { top: number; ms: number }): JSX.Element {
  return (
    <div
      class="quiet"
      role="presentation"
      style={{ transform: `translateY(${top}px)`, height: px(QUIET_HEIGHT) }}
    >
      <span>{texts.ladder.quiet(durationText(ms))}</span>
    </div>
  );
}
