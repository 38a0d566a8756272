/** Who loads which page, and in which way. */
import type { JSX, TargetedSubmitEvent } from 'preact';
import type { PageMode } from '../../../src/page/index.ts';
import { field } from '../frame/use-asking.ts';
import { ViewSwitch } from '../parts/view-switch.tsx';
import { internet } from '../state/store.ts';
import { loading, loadPage, users, waterfallAsTable } from '../state/web.ts';
import { texts } from '../texts.ts';

const words = texts.web.load;
const MODES = Object.keys(words.modes) as PageMode[];
const PAGES_ID = 'pages-to-load';

export function LoadBar(): JSX.Element {
  const pages = internet.value?.pages ?? [];
  const busy = loading.value?.busy ?? false;
  const onSubmit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const url = wholeUrl(field(form, 'url'));
    if (!busy) loadPage(field(form, 'host'), url, field(form, 'mode') as PageMode);
  };
  return (
    <div class="bar">
      <h2 class="cap">{words.label}</h2>
      <form class="load-bar" onSubmit={onSubmit}>
        <select name="host" class="hosts" aria-label={words.from}>
          {users.value.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <input
          name="url"
          class="name"
          aria-label={words.url}
          required
          defaultValue={pages[0] ?? ''}
          list={PAGES_ID}
          spellcheck={false}
          autocapitalize="off"
        />
        <datalist id={PAGES_ID}>
          {pages.map((page) => (
            <option key={page} value={page} />
          ))}
        </datalist>
        <select name="mode" class="hosts" aria-label={words.how}>
          {MODES.map((mode) => (
            <option key={mode} value={mode} title={texts.dialogs.load.modes[mode]}>
              {words.modes[mode]}
            </option>
          ))}
        </select>
        <button type="submit" class="button main" aria-disabled={busy}>
          {busy ? words.working : words.go}
        </button>
      </form>
      <span class="grow" />
      <ViewSwitch of={words.waterfall} table={waterfallAsTable} />
    </div>
  );
}

/** A name alone is a page's address too. */
function wholeUrl(text: string): string {
  return /^\w+:\/\//.test(text) ? text : `http://${text}`;
}
