/** The frame of every dialog: the platform's own, modal, closed by Escape. */
import type { ComponentChildren, JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { texts } from '../texts.ts';
import { IconButton } from './icons.tsx';

export function Dialog(props: {
  title: string;
  wide?: boolean;
  onClose: () => void;
  children: ComponentChildren;
}): JSX.Element {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
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
    <dialog ref={ref} class={props.wide ? 'wide' : ''} aria-labelledby={id} onClose={props.onClose}>
      <div class="title">
        <h2 id={id}>{props.title}</h2>
        <IconButton icon="close" label={texts.done.close} onClick={props.onClose} />
      </div>
      {props.children}
    </dialog>
  );
}
