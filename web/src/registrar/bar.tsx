/** Who asks which registrar for which name. */
import type { JSX, TargetedSubmitEvent } from 'preact';
import { registrars } from '../state/names.ts';
import { texts } from '../texts.ts';
import {
  busy,
  chooseCustomer,
  chooseRegistrar,
  customer,
  customers,
  findName,
  listNames,
  registrar,
} from './state.ts';

const words = texts.names.register;

export function RegistrarBar(): JSX.Element {
  const onSubmit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get('name');
    if (typeof name === 'string') findName(name.trim().toLowerCase());
  };
  return (
    <form class="panel-bar registrar-bar" onSubmit={onSubmit}>
      <Choice
        label={words.customer}
        value={customer.value}
        choices={customers.value.map((name) => [name, name])}
        onChoice={chooseCustomer}
      />
      <span class="soft">{words.at}</span>
      <Choice
        label={words.registrar}
        value={registrar.value?.site ?? ''}
        choices={registrars.value.map(({ site, name }) => [site, name])}
        onChoice={chooseRegistrar}
      />
      <input
        name="name"
        class="name"
        aria-label={words.name}
        placeholder={words.placeholder}
        required
        maxLength={253}
        spellcheck={false}
        autocapitalize="off"
        autocomplete="off"
      />
      <button type="submit" class="button main" aria-disabled={busy.value}>
        {busy.value ? words.working : words.go}
      </button>
      <span class="grow" />
      <button
        type="button"
        class="button small"
        aria-disabled={busy.value}
        onClick={() => listNames()}
      >
        {words.list}
      </button>
    </form>
  );
}

function Choice(props: {
  label: string;
  value: string;
  choices: readonly (readonly [string, string])[];
  onChoice: (value: string) => void;
}): JSX.Element {
  return (
    <select
      class="hosts"
      aria-label={props.label}
      value={props.value}
      onChange={(event) => props.onChoice(event.currentTarget.value)}
    >
      {props.choices.map(([value, text]) => (
        <option key={value} value={value} title={value}>
          {text}
        </option>
      ))}
    </select>
  );
}
