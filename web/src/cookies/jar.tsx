/** The cookies of one user, and whether embedded sites get any. */
import type { JSX } from 'preact';
import type { CookieView, UserCookiesView } from '../../../src/internet/dashboard/api-web.ts';
import { api } from '../state/api.ts';
import { leftText } from '../state/units.ts';
import { texts } from '../texts.ts';
import { EntryTag } from './entry-tag.tsx';
import type { Change } from './panel.tsx';
import { cookieKey, flagsOf, isThirdParty, scopeText, setByText, shortValue } from './tell.ts';

const words = texts.web.cookies;

export function Jar(props: { user: UserCookiesView; now: number; change: Change }): JSX.Element {
  const { user, now, change } = props;
  const { host, cookies, running } = user;
  return (
    <article class="jar" aria-label={words.jarOf(host)}>
      <header>
        <h4>{host}</h4>
        {running ? (
          <ThirdParty user={user} change={change} />
        ) : (
          <span class="soft">{texts.hosts.off}</span>
        )}
      </header>
      {cookies.length === 0 && <p class="soft">{words.noCookies}</p>}
      <ul>
        {cookies.map((cookie) => (
          <Held
            key={cookieKey(user, cookie)}
            cookie={cookie}
            now={now}
            onForget={() => change(api.forgetCookie(host, only(cookie)))}
          />
        ))}
      </ul>
      {cookies.length > 1 && (
        <button
          type="button"
          class="plain link"
          onClick={() => change(api.forgetCookie(host, { all: true }))}
        >
          {words.forgetAll}
        </button>
      )}
    </article>
  );
}

function only({ name, domain, path, hostOnly }: CookieView) {
  return { name, domain, path, hostOnly };
}

function ThirdParty({ user, change }: { user: UserCookiesView; change: Change }): JSX.Element {
  const { host, thirdParty } = user;
  return (
    <fieldset class="third-party">
      <legend class="soft" title={words.thirdPartyTitle}>
        {words.thirdParty}
      </legend>
      <span class="switch">
        {(['allow', 'block'] as const).map((value) => (
          <button
            type="button"
            key={value}
            aria-pressed={thirdParty === value}
            onClick={() => change(api.setThirdParty(host, { thirdParty: value }))}
          >
            {words[value]}
          </button>
        ))}
      </span>
    </fieldset>
  );
}

function Held(props: { cookie: CookieView; now: number; onForget: () => void }): JSX.Element {
  const { cookie, now, onForget } = props;
  const { name, value, entry, setBy } = cookie;
  const third = setBy !== undefined && isThirdParty(setBy);
  return (
    <li class="cookie">
      <p class="cookie-pair">
        <b>{name}</b>
        <code title={value}>={shortValue(value)}</code>
        <span class="grow" />
        <button
          type="button"
          class="icon small"
          aria-label={words.forget(name)}
          title={words.forget(name)}
          onClick={onForget}
        >
          ✕
        </button>
        {entry !== undefined && <EntryTag id={entry} side="jar" />}
      </p>
      <p class="cookie-facts">
        <span>{scopeText(cookie)}</span>
        <span class="number">{lifeText(cookie, now)}</span>
        {flagsOf(cookie).map((flag) => (
          <span key={flag} class="flag" title={words.flags[flag.split('=')[0] as 'Secure']}>
            {flag}
          </span>
        ))}
      </p>
      <p class={third ? 'cookie-facts third' : 'cookie-facts'}>{setByText(cookie)}</p>
    </li>
  );
}

export function lifeText({ expires }: CookieView, now: number): string {
  return expires === undefined ? words.session : words.left(leftText(expires - now));
}
