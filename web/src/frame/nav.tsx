/** Left: the parts of the internet, and what can be done. */
import type { JSX } from 'preact';
import { type DialogName, dialog, internet } from '../state/store.ts';
import { texts } from '../texts.ts';

const ACTIONS: readonly DialogName[] = ['load', 'lookup', 'ping', 'hosts', 'help'];

export function Nav(): JSX.Element {
  return (
    <nav aria-label={texts.nav.label}>
      <a href="./" aria-current="page" onClick={(event) => event.preventDefault()}>
        <span>{texts.nav.internet}</span>
        <small>{internet.value?.hosts.length}</small>
      </a>
      <h2>{texts.nav.do}</h2>
      {ACTIONS.map((name) => (
        <button
          type="button"
          key={name}
          onClick={() => {
            dialog.value = { name };
          }}
        >
          {texts.nav[name as keyof typeof texts.nav]}
        </button>
      ))}
    </nav>
  );
}
