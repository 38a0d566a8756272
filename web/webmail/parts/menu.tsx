/** A button that opens a list of things to do, by the platform's popover. */
import type { ComponentChildren, JSX } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { Icon, type IconName } from './icons.tsx';

const GAP = 4;
const EDGE = 8;

export function Menu(props: {
  icon: IconName;
  label: string;
  class?: string;
  id?: string;
  children: ComponentChildren;
}): JSX.Element {
  const own = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const place = (): void => {
    const [at, box] = [button.current?.getBoundingClientRect(), list.current];
    if (!at || !box) return;
    const left = Math.max(EDGE, Math.min(at.left, innerWidth - box.offsetWidth - EDGE));
    const below = at.bottom + GAP;
    const isRoom = below + box.offsetHeight < innerHeight - EDGE;
    box.style.left = `${left}px`;
    box.style.top = `${isRoom ? below : Math.max(EDGE, at.top - GAP - box.offsetHeight)}px`;
  };
  const onToggle = (event: { readonly newState: string }): void => {
    if (event.newState !== 'open') return;
    place();
    list.current?.querySelector('button')?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        id={props.id}
        class={`icon ${props.class ?? ''}`}
        aria-label={props.label}
        title={props.label}
        aria-haspopup="menu"
        popovertarget={own}
      >
        <Icon name={props.icon} />
      </button>
      <div
        ref={list}
        id={own}
        popover="auto"
        role="menu"
        aria-label={props.label}
        class="menu"
        onToggle={onToggle}
        // Before what is to be done: a dialog gives the focus back to the button then.
        onClickCapture={() => list.current?.hidePopover()}
        onKeyDown={moveInMenu}
      >
        {props.children}
      </div>
    </>
  );
}

function moveInMenu(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  buttons.at((at + step) % buttons.length)?.focus();
}

export function MenuItem(props: {
  icon?: IconName;
  onClick: () => void;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <button type="button" role="menuitem" onClick={props.onClick}>
      {props.icon && <Icon name={props.icon} />}
      <span>{props.children}</span>
    </button>
  );
}
