/** The bytes of a message; those of the chosen field are marked. */

import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useSize } from '../parts/hooks.ts';
import { px } from '../parts/px.ts';
import { texts } from '../texts.ts';
import { character, hex, offsetText } from './hex.ts';

const LINE = 20;
const SPARE = 10;
/** A pane at least this wide shows sixteen bytes a row, in px. */
const WIDE = 572;

export interface BytesProps {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** What field the marked bytes are. */
  readonly name: string;
  readonly onByte: (offset: number) => void;
}

export function Bytes(props: BytesProps): JSX.Element {
  const { bytes, start } = props;
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const [top, setTop] = useState(0);
  const perRow = size.width >= WIDE ? 16 : 8;
  const count = Math.ceil(bytes.length / perRow);
  const first = Math.max(0, Math.floor(top / LINE) - SPARE);
  const end = Math.min(count, Math.ceil((top + Math.max(size.height, LINE)) / LINE) + SPARE);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || props.end <= start) return;
    const y = Math.floor(start / perRow) * LINE;
    if (y < element.scrollTop || y + LINE > element.scrollTop + element.clientHeight)
      element.scrollTop = Math.max(0, y - LINE);
  }, [start, props.end, perRow]);
  return (
    <div
      class="bytes"
      ref={box}
      role="slider"
      tabIndex={0}
      aria-label={texts.message.bytes}
      aria-description={texts.message.bytesHint}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, bytes.length - 1)}
      aria-valuenow={Math.min(start, Math.max(0, bytes.length - 1))}
      aria-valuetext={texts.message.byte(start, hex(bytes[start] ?? 0), props.name)}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      onClick={(event) => click(event.target, props.onByte)}
      onKeyDown={(event) => press(event, props, perRow)}
    >
      <div style={{ height: px(count * LINE) }}>
        <div style={{ transform: `translateY(${first * LINE}px)` }}>
          {Array.from({ length: Math.max(0, end - first) }, (_, index) => (
            <HexRow key={first + index} row={first + index} perRow={perRow} {...props} />
          ))}
        </div>
      </div>
    </div>
  );
}

function click(target: EventTarget | null, onByte: (offset: number) => void): void {
  const at = target instanceof HTMLElement ? target.dataset['at'] : undefined;
  if (at !== undefined) onByte(Number(at));
}

function press(
  event: TargetedKeyboardEvent<HTMLElement>,
  { bytes, start, onByte }: BytesProps,
  perRow: number,
): void {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -perRow,
    ArrowDown: perRow,
    Home: -bytes.length,
    End: bytes.length,
  };
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  onByte(Math.max(0, Math.min(bytes.length - 1, start + step)));
}

function HexRow(props: BytesProps & { row: number; perRow: number }): JSX.Element {
  const { row, perRow, bytes } = props;
  const from = row * perRow;
  const part = [...bytes.subarray(from, from + perRow)];
  const mark = (at: number) => (at >= props.start && at < props.end ? 'on' : undefined);
  return (
    <div class="hex-row" style={{ height: px(LINE) }}>
      <span class="offset">{offsetText(from)}</span>
      <span class="numbers">
        {part.map((byte, index) => (
          <span key={from + index} data-at={from + index} class={mark(from + index)}>
            {hex(byte)}
          </span>
        ))}
      </span>
      <span class="letters">
        {part.map((byte, index) => (
          <span key={from + index} data-at={from + index} class={mark(from + index)}>
            {character(byte)}
          </span>
        ))}
      </span>
    </div>
  );
}
