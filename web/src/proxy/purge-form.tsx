/** Lets go of what a cache keeps: by URL, by the beginning of URLs, by tag, or all of it. */
import type { JSX, TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { PurgeRequest } from '../../../src/internet/dashboard/api-web.ts';
import { field } from '../frame/use-asking.ts';
import { texts } from '../texts.ts';

const words = texts.web.proxy.purge;

type By = keyof typeof words.targets;

const TARGETS = Object.keys(words.targets) as By[];

export function PurgeForm(props: {
  soft: boolean;
  onSoft: (soft: boolean) => void;
  onPurge: (request: PurgeRequest) => void;
}): JSX.Element {
  const { soft, onSoft, onPurge } = props;
  const [by, setBy] = useState<By>('url');
  const onSubmit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const value = field(new FormData(event.currentTarget), 'value');
    onPurge({ [by]: value, soft } as unknown as PurgeRequest);
  };
  return (
    <form class="purge" onSubmit={onSubmit}>
      <label>
        {words.by}{' '}
        <select
          class="hosts"
          value={by}
          onChange={(event) => setBy(event.currentTarget.value as By)}
        >
          {TARGETS.map((target) => (
            <option key={target} value={target}>
              {words.targets[target]}
            </option>
          ))}
        </select>
      </label>
      <input
        name="value"
        class="name"
        aria-label={words.value}
        placeholder={words.placeholders[by]}
        required
        spellcheck={false}
        autocapitalize="off"
        autocomplete="off"
      />
      <label class="inline" title={words.softTitle}>
        <input
          type="checkbox"
          checked={soft}
          onChange={(event) => onSoft(event.currentTarget.checked)}
        />
        {words.soft}
      </label>
      <button type="submit" class="button small">
        {words.go}
      </button>
      <span class="grow" />
      <button type="button" class="button small" onClick={() => onPurge({ all: true })}>
        {words.all}
      </button>
    </form>
  );
}
