/** The way of one message: who and how it stands, and the way itself as a drawing or as a table. */
import type { JSX } from 'preact';
import type { WayView } from '../../../src/internet/dashboard/api-mail.ts';
import { useLook } from '../parts/use-look.ts';
import { ViewSwitch } from '../parts/view-switch.tsx';
import { api } from '../state/api.ts';
import { concernsMail, wayAsTable } from '../state/mail.ts';
import { clockText, durationText } from '../state/units.ts';
import { texts } from '../texts.ts';
import { arrivals, drawn } from './rows.ts';
import { StateWord } from './state-word.tsx';
import { WayDrawing } from './way-drawing.tsx';
import { WayTable } from './way-table.tsx';

const words = texts.mail.way;

export function WayOf({ id }: { id: string }): JSX.Element {
  const { view, elapsed, problem } = useLook(`way ${id}`, () => api.way(id), concernsMail);
  return (
    <section class="way" aria-label={words.label}>
      {problem !== undefined && (
        <p class="note trouble" role="status">
          {problem}
        </p>
      )}
      {!view && problem === undefined && <p class="note soft">{words.loading}</p>}
      {view && <Way way={view} now={view.now + elapsed} />}
    </section>
  );
}

function Way({ way, now }: { way: WayView; now: number }): JSX.Element {
  const picture = drawn(way);
  return (
    <>
      <Head way={way} />
      {wayAsTable.value ? (
        <WayTable picture={picture} now={now} />
      ) : (
        <WayDrawing picture={picture} now={now} />
      )}
    </>
  );
}

function Head({ way }: { way: WayView }): JSX.Element {
  const { subject, from, to } = way.letter;
  return (
    <div class="way-head">
      <h3>{subject || texts.mail.letters.noSubject}</h3>
      <ViewSwitch of={words.drawing} table={wayAsTable} />
      <p class="way-people">
        <span class="soft">{words.from}</span> {from || texts.mail.letters.nobody}{' '}
        {to.map(({ address, state }) => (
          <span key={address} class="way-person">
            <span class="soft">{texts.mail.letters.to}</span> {address} <StateWord state={state} />
          </span>
        ))}
      </p>
      <p class="soft">{timesOf(way)}</p>
    </div>
  );
}

function timesOf({ steps }: WayView): string {
  const { delivered, read } = arrivals(steps);
  return [
    words.begins(clockText(steps[0]?.at ?? 0)),
    ...(delivered === undefined ? [] : [words.delivered(durationText(delivered))]),
    ...(read === undefined ? [] : [words.read(durationText(read))]),
  ].join(' · ');
}
