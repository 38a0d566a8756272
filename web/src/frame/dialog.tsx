/** The frame of every dialog: the platform's own, modal, closed by Escape. */
import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { dialog, internet } from '../state/store.ts';
import { texts } from '../texts.ts';

export function closeDialog(): void {
  dialog.value = undefined;
}

export function Dialog(props: {
  title: string;
  about?: string;
  wide?: boolean;
  children: ComponentChildren;
}): JSX.Element {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    const before = document.activeElement;
    if (!element?.open) element?.showModal();
    return () => {
      if (element?.open) element.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class={props.wide ? 'wide' : ''}
      aria-labelledby="dialog-title"
      onClose={closeDialog}
    >
      <div class="title">
        <h2 id="dialog-title">{props.title}</h2>
        <button
          type="button"
          class="icon"
          aria-label={texts.dialogs.close}
          title={texts.dialogs.close}
          onClick={closeDialog}
        >
          ✕
        </button>
      </div>
      {props.about && <p class="soft">{props.about}</p>}
      {props.children}
    </dialog>
  );
}

/** The machines that a user sits at; the others can ask too. */
export function HostSelect({ value }: { value?: string }): JSX.Element {
  const hosts = internet.value?.hosts.filter(({ running }) => running) ?? [];
  const users = hosts.filter(({ role }) => role === 'user');
  const chosen = value ?? users[0]?.name ?? hosts[0]?.name;
  const rest = hosts.filter(({ name, role }) => role !== 'user' && name === value);
  return (
    <label>
      {texts.dialogs.from}
      <select name="host">
        {[...users, ...rest].map(({ name, title }) => (
          <option key={name} value={name} selected={name === chosen}>
            {name} ({title})
          </option>
        ))}
      </select>
    </label>
  );
}
