/** Who looks up which name. */
import type { JSX, TargetedSubmitEvent } from 'preact';
import { lookup, resolveName } from '../state/names.ts';
import { internet } from '../state/store.ts';
import { texts } from '../texts.ts';

const words = texts.names.walk;

const NAMES_ID = 'names-to-resolve';

export function WalkBar(): JSX.Element {
  const view = internet.value;
  const running = view?.hosts.filter((host) => host.running) ?? [];
  const users = running.filter(({ role }) => role === 'user');
  const askers = users.length > 0 ? users : running;
  const names = (view?.pages ?? []).map((page) => new URL(page).host);
  const busy = lookup.value?.busy ?? false;
  const onSubmit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [host, name] = ['host', 'name'].map((field) => String(form.get(field) ?? '').trim());
    if (host && name && !busy) resolveName(host, name);
  };
  return (
    <form class="walk-bar" onSubmit={onSubmit}>
      <select name="host" class="hosts" aria-label={words.from}>
        {askers.map(({ name, title }) => (
          <option key={name} value={name} title={title}>
            {name}
          </option>
        ))}
      </select>
      <input
        name="name"
        class="name"
        aria-label={words.name}
        required
        defaultValue={names[0] ?? ''}
        list={NAMES_ID}
        spellcheck={false}
        autocapitalize="off"
      />
      <abbr title={words.typeTitle}>{words.type}</abbr>
      <datalist id={NAMES_ID}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <button type="submit" class="button main" aria-disabled={busy}>
        {busy ? words.working : words.go}
      </button>
    </form>
  );
}
