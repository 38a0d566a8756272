/** The signs of the page: drawn in the colour of their text. */
import type { JSX } from 'preact';

const PATHS = {
  archive: 'M2 3h12v3H2zM3 6v7.5h10V6M6.5 9h3',
  attach: 'M11.5 6.5l-5 5a2 2 0 0 1-3-3l6-6a3 3 0 0 1 4.2 4.2l-6 6',
  back: 'M9.5 3L4.5 8l5 5M4.5 8H14',
  check: 'M3 8.5l3.5 3.5L13 4.5',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  code: 'M5.5 4L2 8l3.5 4M10.5 4L14 8l-3.5 4',
  down: 'M4 6l4 4 4-4',
  download: 'M8 2v8M4.5 7L8 10.5 11.5 7M2.5 13.5h11',
  drafts: 'M3 13.5l.7-3L11 3.2l2 2-7.3 7.3zM10 4.5l2 2',
  file: 'M4 1.5h5.5L13 5v9.5H4zM9.5 1.5V5H13',
  folder: 'M1.5 4.5v8.5h13V5.5H8L6.5 3.5h-5z',
  forward: 'M10 4l4 4-4 4M14 8H6.5A4.5 4.5 0 0 0 2 12.5V13',
  help: 'M6 6.2A2 2 0 1 1 8.6 8c-.4.2-.6.5-.6 1v.4M8 11.8v.1M8 14.2A6.2 6.2 0 1 1 8 1.8a6.2 6.2 0 0 1 0 12.4z',
  inbox: 'M2 9.5L4 3h8l2 6.5V13H2zM2 9.5h3.5L6.5 11h3l1-1.5H14',
  junk: 'M8 1.8L14 14H2zM8 6.5v3.5M8 12v.1',
  menu: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  more: 'M3.5 8v.1M8 8v.1M12.5 8v.1',
  move: 'M1.5 4.5v8.5h13V5.5H8L6.5 3.5h-5zM6 9.5h5M9 7.5l2 2-2 2',
  out: 'M6.5 2.5h-4v11h4M10 5l3 3-3 3M13 8H6',
  plus: 'M8 3v10M3 8h10',
  read: 'M2 6.5L8 2.5l6 4V13H2zM2.5 7L8 10l5.5-3',
  refresh: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.5v2.8h-2.8',
  reply: 'M6 4L2 8l4 4M2 8h7.5a4.5 4.5 0 0 1 4.5 4.5V13',
  replyAll: 'M8.5 4l-4 4 4 4M4.5 4L.8 8l3.7 4M4.5 8h6A4 4 0 0 1 14.5 12v1',
  search: 'M7 12A5 5 0 1 1 7 2a5 5 0 0 1 0 10zM10.6 10.6L14 14',
  sent: 'M2 8l12-5.5L10.5 14 8 9.5zM8 9.5L14 2.5',
  star: 'M8 1.8l1.9 4 4.3.6-3.1 3 .8 4.3L8 11.6l-3.9 2.1.8-4.3-3.1-3 4.3-.6z',
  structure: 'M2 3h4v3H2zM10 3h4v3h-4zM10 10h4v3h-4zM6 4.5h4M8 4.5v7h2',
  trash: 'M3 4.5h10M6 4.5V2.5h4v2M4.2 4.5l.6 9h6.4l.6-9M6.8 7v4M9.2 7v4',
  unread: 'M1.8 3.5h12.4v9H1.8zM2 4l6 4.5L14 4',
  up: 'M4 10l4-4 4 4',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, full = false }: { name: IconName; full?: boolean }): JSX.Element {
  return (
    <svg
      class={`i${full ? ' full' : ''}${name === 'more' ? ' dots' : ''}`}
      width="16"
      height="16"
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

/** A button that is only a sign; its name is told and shown when one points at it. */
export function IconButton(props: {
  icon: IconName;
  label: string;
  onClick: (event: MouseEvent) => void;
  disabled?: boolean;
  class?: string;
  full?: boolean;
}): JSX.Element {
  return (
    <button
      type="button"
      class={`icon ${props.class ?? ''}`}
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled ?? false}
      onClick={props.onClick}
    >
      <Icon name={props.icon} full={props.full ?? false} />
    </button>
  );
}
