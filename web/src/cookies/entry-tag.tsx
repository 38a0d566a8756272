/** The identifier that a cookie and an entry have in common: pointed at on one side, it lights up on both. */
import { type Signal, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { texts } from '../texts.ts';
import { shortId } from './tell.ts';

export const pointedAt: Signal<string | undefined> = signal(undefined);

export function EntryTag({ id, side }: { id: string; side: 'jar' | 'site' }): JSX.Element {
  const point = (at: string | undefined) => () => {
    pointedAt.value = at;
  };
  return (
    <button
      type="button"
      class={pointedAt.value === id ? 'entry-tag on' : 'entry-tag'}
      title={texts.web.cookies.joined[side]}
      data-side={side}
      data-entry={id}
      aria-label={`${texts.web.cookies.joined[side]}: ${shortId(id)}`}
      onMouseEnter={point(id)}
      onMouseLeave={point(undefined)}
      onFocus={point(id)}
      onBlur={point(undefined)}
      onClick={({ currentTarget }) => partner(currentTarget)?.focus()}
    >
      {shortId(id)}
    </button>
  );
}

/** The same identifier on the other side. */
function partner({ dataset }: HTMLElement): HTMLElement | null {
  const other = dataset['side'] === 'jar' ? 'site' : 'jar';
  return document.querySelector<HTMLElement>(
    `.entry-tag[data-side="${other}"][data-entry="${dataset['entry']}"]`,
  );
}
