/** Left: the parts of the internet, and what can be done. */
import type { JSX } from 'preact';
import { addressOf } from '../state/actions.ts';
import { mailHosts } from '../state/mail.ts';
import { zones } from '../state/names.ts';
import type { PageName } from '../state/route.ts';
import { type DialogName, dialog, internet, page } from '../state/store.ts';
import { texts } from '../texts.ts';

const ACTIONS: readonly DialogName[] = ['load', 'lookup', 'ping', 'hosts', 'help'];

export function Nav(): JSX.Element {
  return (
    <nav aria-label={texts.nav.label}>
      <PageLink to="internet" count={internet.value?.hosts.length} />
      <PageLink to="names" count={zones.value?.length} />
      <PageLink to="web" count={internet.value?.pages.length} />
      <PageLink to="mail" count={mailHosts.value.length} />
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

/** What is open on one page stays open on the others. */
function PageLink({ to, count }: { to: PageName; count: number | undefined }): JSX.Element {
  return (
    <a href={addressOf(to)} aria-current={page.value === to ? 'page' : undefined}>
      <span>{texts.nav[to]}</span>
      <small>{count}</small>
    </a>
  );
}
