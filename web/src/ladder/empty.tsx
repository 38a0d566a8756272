/** Before the first message: what fills the ladder. */
import type { JSX } from 'preact';
import { CopyButton } from '../parts/copy-button.tsx';
import { dialog, internet } from '../state/store.ts';
import { texts } from '../texts.ts';

export function Empty(): JSX.Element {
  return (
    <div class="empty">
      <p class="big">{texts.empty.title}</p>
      <p>
        <button
          type="button"
          class="button main"
          onClick={() => {
            dialog.value = { name: 'load' };
          }}
        >
          {texts.empty.load}
        </button>{' '}
        {texts.empty.after}
      </p>
      <ul class="commands">
        {internet.value?.commands.map(({ command, about }) => (
          <li key={command}>
            <code>{command}</code>
            <CopyButton text={command} />
            <span>{about}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
