/** Chooses between a drawing and its table. */
import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { texts } from '../texts.ts';

export function ViewSwitch({ of, table }: { of: string; table: Signal<boolean> }): JSX.Element {
  return (
    <fieldset class="switch">
      <legend class="unseen">{texts.views.of(of)}</legend>
      {[false, true].map((value) => (
        <button
          type="button"
          key={String(value)}
          aria-pressed={table.value === value}
          onClick={() => {
            table.value = value;
          }}
        >
          {value ? texts.views.table : texts.views.drawing}
        </button>
      ))}
    </fieldset>
  );
}
