/** All messages on the left, and the way of the chosen one on the right. */
import type { JSX } from 'preact';
import type { LetterView } from '../../../src/internet/dashboard/api-mail.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { chooseLetter } from '../state/actions.ts';
import { letter } from '../state/mail.ts';
import { openLetter } from '../state/store.ts';
import { clockText } from '../state/units.ts';
import { texts } from '../texts.ts';
import type { Seen } from './page.tsx';
import { StateWord } from './state-word.tsx';
import { WayOf } from './way.tsx';

const words = texts.mail.letters;

const COMMAND =
  'toplayer mail send --server mail.campus.edu --auth alice:wonderland --from alice@campus.edu --to bob@college.edu --subject Hi --text Hello';

export function WaysPanel({ view }: Seen): JSX.Element {
  const chosen = letter.value?.id ?? openLetter.value;
  if (view.letters.length === 0 && chosen === undefined) return <Nothing />;
  return (
    <div class="mail-ways">
      <ol class="letter-list" aria-label={words.label}>
        {view.letters.map((one) => (
          <Letter key={one.id} letter={one} isChosen={one.id === chosen} />
        ))}
      </ol>
      {chosen === undefined ? (
        <p class="note soft">{texts.mail.way.choose}</p>
      ) : (
        <WayOf key={chosen} id={chosen} />
      )}
    </div>
  );
}

function Letter({ letter: one, isChosen }: { letter: LetterView; isChosen: boolean }): JSX.Element {
  const { id, subject, from, to, began, state } = one;
  return (
    <li>
      <button
        type="button"
        class="plain letter"
        aria-current={isChosen ? 'true' : undefined}
        onClick={() => chooseLetter(id)}
      >
        <span class="letter-head">
          <b>{subject || words.noSubject}</b>
          <StateWord state={state} />
        </span>
        <span class="letter-people">
          <span>{`${from || words.nobody} ${words.to} ${to.map(({ address }) => address).join(', ')}`}</span>
          <time>{clockText(began)}</time>
        </span>
      </button>
    </li>
  );
}

function Nothing(): JSX.Element {
  return (
    <div class="note">
      <p class="big">{words.empty}</p>
      <p class="soft">{words.emptyHint}</p>
      <p class="terminal">
        <code>{COMMAND}</code> <CopyButton text={COMMAND} />
      </p>
    </div>
  );
}
