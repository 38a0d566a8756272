/** The way as a drawing: a lane for each host, an arrow for each hop, a bar where the message waits. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { showInLadder } from '../state/actions.ts';
import { durationText, timeText } from '../state/units.ts';
import { texts } from '../texts.ts';
import { type Drawn, type Lane, laneX, type Row, type StepRow, type WaitRow } from './rows.ts';
import { SaidLines } from './said.tsx';
import { Station } from './station.tsx';
import { afterText, stepText, waitText } from './step-words.ts';

const words = texts.mail.way;

export function WayDrawing({ picture, now }: { picture: Drawn; now: number }): JSX.Element {
  const { lanes, rows } = picture;
  return (
    <div class="way-drawing">
      <div class="way-stations">
        <span />
        <div class="way-lanes">
          {lanes.map((lane, i) => (
            <Station key={lane.host} lane={lane} x={laneX(i, lanes.length)} />
          ))}
        </div>
      </div>
      <ol class="way-rows" aria-label={words.drawing}>
        {rows.map((row, i) => (
          <WayRow key={rowKey(row, i)} row={row} lanes={lanes} now={now} />
        ))}
      </ol>
    </div>
  );
}

function rowKey(row: Row, index: number): string {
  return row.type === 'step' ? `${row.step.kind} ${row.step.at} ${index}` : `wait ${index}`;
}

function WayRow(props: { row: Row; lanes: readonly Lane[]; now: number }): JSX.Element {
  const { row, lanes, now } = props;
  return (
    <li class={`way-row ${row.type}`}>
      <Lines lanes={lanes} />
      {row.type === 'step' ? (
        <Step row={row} lanes={lanes} />
      ) : (
        <Wait row={row} lanes={lanes} now={now} />
      )}
    </li>
  );
}

function Lines({ lanes }: { lanes: readonly Lane[] }): JSX.Element {
  return (
    <span class="way-lines" aria-hidden="true">
      {lanes.map(({ host }, i) => (
        <i key={host} style={{ left: `${laneX(i, lanes.length)}%` }} />
      ))}
    </span>
  );
}

function Step({ row, lanes }: { row: StepRow; lanes: readonly Lane[] }): JSX.Element {
  const { step, after, took } = row;
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <span class="way-time" title={timeText(step.at)}>
        {afterText(after)}
        {took > 0 && <small>{words.took(durationText(took))}</small>}
      </span>
      <div class="way-lanes">
        <Happening row={row} lanes={lanes} />
      </div>
      {step.said.length > 0 && (
        <button
          type="button"
          class="plain link way-more"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? '▾' : '▸'} {words.saidLines(step.said.length)}
          <span class="unseen">{` ${words.saidAt(stepText(step))}`}</span>
        </button>
      )}
      {isOpen && <SaidLines step={step} />}
    </>
  );
}

/** The step itself: a click leads to its messages, where they are kept. */
function Happening({ row, lanes }: { row: StepRow; lanes: readonly Lane[] }): JSX.Element {
  const { step, from, to, isTrouble } = row;
  const { conversations, message, notice } = step;
  const [left, right] = [Math.min(from, to ?? from), Math.max(from, to ?? from)];
  const start = laneX(left, lanes.length);
  const width = laneX(right, lanes.length) - start;
  const classes = [
    'way-step',
    `p-${step.protocol ?? 'data'}`,
    step.kind.replace(' ', '-'),
    ...(isTrouble ? ['trouble'] : []),
    ...(notice === undefined ? [] : ['notice']),
    ...(to === undefined ? ['here'] : to < from ? ['back'] : []),
    ...(left >= lanes.length / 2 ? ['late'] : []),
  ].join(' ');
  const content = (
    <>
      <b>
        {notice !== undefined && <span class="way-notice">{words.bounce}</span>}
        <span class="unseen">{`${step.from}: `}</span>
        {stepText(step)}
      </b>
      <i class="way-arrow" aria-hidden="true" />
      {step.reply !== undefined && <code>{step.reply}</code>}
    </>
  );
  const style = { '--x': `${start}cqw`, '--w': `${width}cqw` };
  if (conversations.length === 0) {
    return (
      <span class={classes} style={style}>
        {content}
      </span>
    );
  }
  return (
    <button
      type="button"
      class={`plain ${classes}`}
      style={style}
      title={words.inLadder(conversations.length)}
      onClick={() => showInLadder(conversations, message)}
    >
      {content}
    </button>
  );
}

function waitClass({ place, ms, from }: WaitRow, lanes: number): string {
  return `way-wait ${place}${ms === undefined ? ' going' : ''}${from >= lanes / 2 ? ' late' : ''}`;
}

function Wait(props: { row: WaitRow; lanes: readonly Lane[]; now: number }): JSX.Element {
  const { row, lanes, now } = props;
  return (
    <>
      <span class="way-time" />
      <div class="way-lanes">
        <span
          class={waitClass(row, lanes.length)}
          style={{ '--x': `${laneX(row.from, lanes.length)}cqw` }}
        >
          <i aria-hidden="true" />
          <span>{waitText(row, now)}</span>
        </span>
      </div>
    </>
  );
}
