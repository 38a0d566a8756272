import type { JSX } from 'preact';
import { IconButton } from '../parts/icons.tsx';
import { close, notices } from '../state/notices.ts';
import { texts } from '../texts.ts';

export function Notices(): JSX.Element {
  return (
    <section class="notices" aria-live="polite" aria-label="Notices">
      {notices.value.map(({ id, text, isError, undo }) => (
        <div
          key={id}
          class={isError ? 'notice error' : 'notice'}
          role={isError ? 'alert' : undefined}
        >
          <span>{text}</span>
          {undo && (
            <button
              type="button"
              class="plain"
              onClick={() => {
                undo();
                close(id);
              }}
            >
              {texts.done.undo}
            </button>
          )}
          <IconButton icon="close" label={texts.done.close} onClick={() => close(id)} />
        </div>
      ))}
    </section>
  );
}
