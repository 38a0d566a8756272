/** The word of a protocol in its colour: never the colour alone. */
import type { JSX } from 'preact';

export function Chip({ protocol }: { protocol: string }): JSX.Element {
  return <span class={`chip p-${protocol}`}>{protocol.toUpperCase()}</span>;
}
