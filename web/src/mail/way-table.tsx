/** The way as a table. */
import type { JSX } from 'preact';
import { showInLadder } from '../state/actions.ts';
import { durationText } from '../state/units.ts';
import { texts } from '../texts.ts';
import type { Drawn, Row } from './rows.ts';
import { afterText, stepText, waitText } from './step-words.ts';

const words = texts.mail.way;

export function WayTable({ picture, now }: { picture: Drawn; now: number }): JSX.Element {
  return (
    <table class="grid way-table" aria-label={words.drawing}>
      <thead>
        <tr>
          {words.columns.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {picture.rows.map((row, i) => (
          <tr key={i} class={row.type === 'step' && row.isTrouble ? 'bad' : ''}>
            <th scope="row">{afterText(row.after)}</th>
            <td>{tookText(row)}</td>
            <td>{where(row, picture)}</td>
            <td>{row.type === 'wait' ? waitText(row, now) : <Happened row={row} />}</td>
            <td class="reply">{row.type === 'step' && row.step.reply}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function tookText(row: Row): string {
  const ms = row.type === 'step' ? row.took : row.ms;
  return ms ? durationText(ms) : '';
}

function where(row: Row, { lanes }: Drawn): string {
  if (row.type === 'wait') return lanes[row.from]?.host ?? '';
  const { from, to } = row.step;
  return to === undefined ? from : `${from} → ${to}`;
}

function Happened({ row }: { row: Extract<Row, { type: 'step' }> }): JSX.Element {
  const { conversations, message, notice } = row.step;
  const text = `${notice === undefined ? '' : `${words.bounce}: `}${stepText(row.step)}`;
  if (conversations.length === 0) return <>{text}</>;
  return (
    <button
      type="button"
      class="plain link"
      title={words.inLadder(conversations.length)}
      onClick={() => showInLadder(conversations, message)}
    >
      {text}
    </button>
  );
}
