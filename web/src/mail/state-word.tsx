/** How it stands with a message, as a word with its sign: never the colour alone. */
import type { JSX } from 'preact';
import type { LetterState } from '../../../src/internet/dashboard/api-mail.ts';
import { texts } from '../texts.ts';

const SIGNS: Readonly<Record<LetterState, string>> = {
  'under way': '→',
  waiting: '…',
  held: '‖',
  delivered: '✓',
  read: '✓✓',
  failed: '✗',
};

export function StateWord({ state }: { state: LetterState }): JSX.Element {
  return (
    <span class={`letter-state ${state.replace(' ', '-')}`}>
      <span aria-hidden="true">{SIGNS[state]}</span> {texts.mail.states[state]}
    </span>
  );
}
