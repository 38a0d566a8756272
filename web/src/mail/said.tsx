/** What was said at a step, line by line, and the way to its messages. */
import type { JSX } from 'preact';
import type { WayStepView } from '../../../src/internet/dashboard/api-mail.ts';
import { showInLadder } from '../state/actions.ts';
import { texts } from '../texts.ts';

const words = texts.mail.way;

export function SaidLines({ step }: { step: WayStepView }): JSX.Element {
  const { said, conversations, message, from } = step;
  return (
    <div class="said">
      <ol aria-label={words.said}>
        {said.map((line, i) => (
          <li key={`${i} ${line.text}`}>
            <b>{line.from}</b>{' '}
            <code class={line.from === from ? 'said-asks' : ''}>{line.text}</code>
          </li>
        ))}
      </ol>
      {conversations.length > 0 && (
        <button
          type="button"
          class="plain link"
          onClick={() => showInLadder(conversations, message)}
        >
          {words.inLadder(conversations.length)}
        </button>
      )}
    </div>
  );
}
