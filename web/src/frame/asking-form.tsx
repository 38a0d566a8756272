/** The form of a dialog that asks the internet something, and where its answer goes. */

import { batch } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { select } from '../state/actions.ts';
import { filterText, log } from '../state/store.ts';
import { texts } from '../texts.ts';
import { closeDialog } from './dialog.tsx';
import type { Asking } from './use-asking.ts';

export function AskingForm<T>(props: {
  asking: Asking<T>;
  go: string;
  children: ComponentChildren;
}): JSX.Element {
  const { busy, answer, told, problem, onSubmit } = props.asking;
  return (
    <form onSubmit={onSubmit}>
      {props.children}
      <div class="actions">
        <button type="submit" class="button main" aria-disabled={busy}>
          {busy ? texts.dialogs.working : answer === undefined ? props.go : texts.dialogs.again}
        </button>
      </div>
      {problem !== undefined && (
        <p class="trouble" role="alert">
          {problem}
        </p>
      )}
      <p class="told" role="status">
        {told}
      </p>
    </form>
  );
}

/** Closes the dialog and goes to the first message after `after`. */
export function SeeMessages({ after }: { after: number }): JSX.Element {
  const see = () => {
    const first = log.messages.find(({ id }) => id > after);
    batch(() => {
      closeDialog();
      filterText.value = '';
      if (first) select(first.id);
    });
  };
  return (
    <button type="button" class="button" onClick={see}>
      {texts.dialogs.see}
    </button>
  );
}
