/** A request typed by hand, and its answer as it came. */
import type { JSX, TargetedSubmitEvent } from 'preact';
import { proxies, users } from '../state/web.ts';
import { texts } from '../texts.ts';
import { Answer } from './answer.tsx';
import { EXAMPLES } from './examples.ts';
import {
  chooseProxy,
  chooseSite,
  chooseUser,
  lastEtag,
  lineEnd,
  proxyChosen,
  send,
  sent,
  site,
  sites,
  takeExample,
  text,
  typed,
  user,
} from './state.ts';

const words = texts.web.hand;
const SITES_ID = 'sites-to-type-to';

export function ByHandPanel(): JSX.Element {
  const onSubmit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
  };
  return (
    <div class="hand">
      <form class="typing" onSubmit={onSubmit}>
        <Where />
        <textarea
          class="raw-text"
          aria-label={words.text}
          value={text.value}
          spellcheck={false}
          autocapitalize="off"
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
          onKeyDown={onKeyDown}
        />
        <div class="typing-foot">
          <label title={words.lineEndTitle}>
            {words.lineEnd}{' '}
            <select
              class="hosts"
              value={lineEnd.value}
              onChange={(event) => {
                lineEnd.value = event.currentTarget.value === 'lf' ? 'lf' : 'crlf';
              }}
            >
              <option value="crlf">{words.crlf}</option>
              <option value="lf">{words.lf}</option>
            </select>
          </label>
          <span class="grow" />
          <button
            type="submit"
            class="button main"
            title={words.goTitle}
            aria-disabled={sent.value?.busy ?? false}
          >
            {sent.value?.busy ? words.working : words.go}
          </button>
        </div>
        <Examples />
      </form>
      <Answer />
    </div>
  );
}

function Where(): JSX.Element {
  return (
    <div class="where">
      <select
        class="hosts"
        aria-label={words.from}
        value={user.value}
        onChange={(event) => chooseUser(event.currentTarget.value)}
      >
        {users.value.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <span class="soft">{words.to}</span>
      <input
        class="name"
        aria-label={words.site}
        required
        value={site.value}
        list={SITES_ID}
        spellcheck={false}
        autocapitalize="off"
        onChange={(event) => chooseSite(event.currentTarget.value)}
      />
      <datalist id={SITES_ID}>
        {sites.value.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {proxies.value.length > 0 && (
        <select
          class="hosts"
          aria-label={words.through}
          value={proxyChosen.value}
          onChange={(event) => chooseProxy(event.currentTarget.value)}
        >
          <option value="">{words.directly}</option>
          {proxies.value.map(({ host }) => (
            <option key={host} value={host}>
              {words.throughProxy(host)}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

function Examples(): JSX.Element {
  return (
    <fieldset class="examples">
      <legend class="soft">{words.examplesLabel}</legend>
      {EXAMPLES.map((example) => {
        const waits = example === 'conditional' && lastEtag.value === undefined;
        return (
          <button
            type="button"
            key={example}
            class="button small"
            title={waits ? words.noEtag : words.examples[example].about}
            aria-disabled={waits}
            onClick={() => !waits && takeExample(example)}
          >
            {words.examples[example].name}
          </button>
        );
      })}
    </fieldset>
  );
}
