/** The ladder as a table: for reading aloud, and for copying into a report. */

import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { MessageLine } from '../../../src/trace/message.ts';
import { Chip } from '../parts/chip.tsx';
import { useSize } from '../parts/hooks.ts';
import { px } from '../parts/px.ts';
import { select } from '../state/actions.ts';
import { following, rows, selectedId } from '../state/store.ts';
import { bytesText, timeText } from '../state/units.ts';
import { texts } from '../texts.ts';

const LINE = 28;
const SPARE = 12;
const NEAR = 12;

export function LadderTable(): JSX.Element {
  const { messages } = rows.value;
  const box = useRef<HTMLElement>(null);
  const size = useSize(box);
  const [top, setTop] = useState(0);
  const follow = following.value;
  useLayoutEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [follow, messages.length]);
  const first = Math.max(0, Math.floor(top / LINE) - SPARE);
  const end = Math.min(messages.length, Math.ceil((top + size.height) / LINE) + SPARE);
  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    const left = element.scrollHeight - element.clientHeight - element.scrollTop;
    if (left <= NEAR) following.value = true;
    else if (element.scrollTop < top) following.value = false;
    setTop(element.scrollTop);
  };
  return (
    <section class="scroller" ref={box} onScroll={onScroll} aria-label={texts.ladder.messages}>
      <table class="grid lines" aria-rowcount={messages.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {texts.ladder.columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 && <tr class="spacer" style={{ height: px(first * LINE) }} />}
          {messages.slice(first, end).map((message, offset) => (
            <Line key={message.id} message={message} index={first + offset + 2} />
          ))}
          {end < messages.length && (
            <tr class="spacer" style={{ height: px((messages.length - end) * LINE) }} />
          )}
        </tbody>
      </table>
    </section>
  );
}

function Line({ message, index }: { message: MessageLine; index: number }): JSX.Element {
  const { lost, malformed } = message;
  return (
    <tr
      aria-rowindex={index}
      class={message.id === selectedId.value ? 'on' : ''}
      onClick={() => select(message.id)}
    >
      <td class="number">{timeText(message.sentAt)}</td>
      <td>{message.from}</td>
      <td>{message.to}</td>
      <td>
        <Chip protocol={message.protocol} />
      </td>
      <td class="summary">
        <button
          type="button"
          class="plain"
          title={message.summary}
          onClick={() => select(message.id)}
        >
          {message.summary}
          {lost !== undefined && <em> {texts.ladder.lost(lost)}</em>}
          {malformed && <em> {texts.ladder.malformed}</em>}
        </button>
      </td>
      <td class="number">{bytesText(message.length)}</td>
    </tr>
  );
}
