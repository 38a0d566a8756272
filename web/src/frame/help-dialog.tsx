/** The keys, and the language of the filter. */
import type { JSX } from 'preact';
import { texts } from '../texts.ts';
import { Dialog } from './dialog.tsx';

const words = texts.dialogs.help;

export function HelpDialog(): JSX.Element {
  return (
    <Dialog title={words.title}>
      <List pairs={words.keys} element="kbd" />
      <h3>{words.filterTitle}</h3>
      <List pairs={words.filters} element="code" />
    </Dialog>
  );
}

function List(props: {
  pairs: readonly (readonly [string, string])[];
  element: 'kbd' | 'code';
}): JSX.Element {
  return (
    <dl class="help">
      {props.pairs.map(([sign, meaning]) => (
        <div key={sign}>
          <dt>
            {props.element === 'kbd' ? (
              sign.split(' ').map((key) => <kbd key={key}>{key}</kbd>)
            ) : (
              <code>{sign}</code>
            )}
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
