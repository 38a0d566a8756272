import type { JSX } from 'preact';
import type { Address } from '../jmap/types.ts';
import { hueOf, initials } from './format.ts';

export function Avatar({ person }: { person: Address }): JSX.Element {
  return (
    <span class={`avatar hue-${hueOf(person)}`} aria-hidden="true">
      {initials(person)}
    </span>
  );
}
