/** Failures on purpose: rules of a host's SMTP, added, listed and removed. */
import type { JSX, TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { FailingStage, FailureRule } from '../../../src/smtp/index.ts';
import { field } from '../frame/use-asking.ts';
import { attempt } from '../state/actions.ts';
import { api } from '../state/api.ts';
import { announcement } from '../state/store.ts';
import { texts } from '../texts.ts';
import { failingOf, failingText, type How, needsValue, usualValue } from './failing.ts';
import type { Seen } from './page.tsx';

const words = texts.mail.failures;
const STAGES = Object.keys(words.stages) as FailingStage[];
const HOWS = Object.keys(words.hows) as How[];

export function FailuresPanel({ view, refresh }: Seen): JSX.Element {
  const running = view.hosts.filter((host) => host.running).map(({ host }) => host);
  const rules = view.hosts.flatMap(({ host, failures }) =>
    failures.map((rule) => ({ host, rule })),
  );
  return (
    <div class="failures">
      <p class="soft">{words.hint}</p>
      <AddRule hosts={running} refresh={refresh} />
      {rules.length === 0 ? (
        <p class="note soft">{words.none}</p>
      ) : (
        <Rules rules={rules} refresh={refresh} />
      )}
    </div>
  );
}

function AddRule({
  hosts,
  refresh,
}: {
  hosts: readonly string[];
  refresh: () => void;
}): JSX.Element {
  const [how, setHow] = useState<How>('code');
  const [stage, setStage] = useState<FailingStage>('RCPT');
  const onSubmit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const rule = failingOf({
      stage,
      how,
      address: field(form, 'address'),
      value: field(form, 'value'),
      times: field(form, 'times'),
    });
    attempt(async () => {
      await api.changeMail(field(form, 'host'), 'failures', rule);
      announcement.value = words.added;
      refresh();
    });
  };
  return (
    <form class="add-rule" onSubmit={onSubmit}>
      <Choice name="host" label={words.host} choices={hosts.map((host) => [host, host])} />
      <Choice
        name="stage"
        label={words.stage}
        value={stage}
        onChoice={(value) => setStage(value as FailingStage)}
        choices={STAGES.map((one) => [one, words.stages[one]])}
      />
      {stage !== 'CONNECT' && (
        <Written name="address" label={words.address} placeholder={words.addressPlaceholder} />
      )}
      <Choice
        name="how"
        label={words.how}
        value={how}
        onChoice={(value) => setHow(value as How)}
        choices={HOWS.map((one) => [one, words.hows[one]])}
      />
      {needsValue(how) && (
        <Written key={how} name="value" label={words.value} value={usualValue(how)} isNumber />
      )}
      <Written name="times" label={words.times} placeholder={words.timesHint} isNumber />
      <button type="submit" class="button main" disabled={hosts.length === 0}>
        {words.add}
      </button>
    </form>
  );
}

function Choice(props: {
  name: string;
  label: string;
  value?: string;
  choices: readonly (readonly [string, string])[];
  onChoice?: (value: string) => void;
}): JSX.Element {
  const { name, label, value, choices, onChoice } = props;
  return (
    <label>
      <span>{label}</span>
      <select
        name={name}
        class="hosts"
        {...(value !== undefined && { value })}
        onChange={(event) => onChoice?.(event.currentTarget.value)}
      >
        {choices.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function Written(props: {
  name: string;
  label: string;
  value?: string;
  placeholder?: string;
  isNumber?: boolean;
}): JSX.Element {
  const { name, label, value = '', placeholder, isNumber = false } = props;
  return (
    <label>
      <span>{label}</span>
      <input
        name={name}
        class={isNumber ? 'name few' : 'name'}
        defaultValue={value}
        placeholder={placeholder}
        inputMode={isNumber ? 'numeric' : 'text'}
        pattern={isNumber ? '[0-9]+' : undefined}
        spellcheck={false}
        autocapitalize="off"
        autocomplete="off"
      />
    </label>
  );
}

interface HostRule {
  readonly host: string;
  readonly rule: FailureRule;
}

function Rules(props: { rules: readonly HostRule[]; refresh: () => void }): JSX.Element {
  return (
    <table class="grid rules">
      <thead>
        <tr>
          {words.columns.map((name) => (
            <th key={name} scope="col">
              {name || <span class="unseen">{texts.nav.do}</span>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.rules.map(({ host, rule }) => (
          <Rule key={`${host} ${rule.id}`} host={host} rule={rule} refresh={props.refresh} />
        ))}
      </tbody>
    </table>
  );
}

function Rule({ host, rule, refresh }: HostRule & { refresh: () => void }): JSX.Element {
  const said = failingText(rule.failing);
  const remove = () =>
    attempt(async () => {
      await api.changeMail(host, `failures/${rule.id}`, undefined, 'DELETE');
      announcement.value = words.removed;
      refresh();
    });
  return (
    <tr>
      <td>{host}</td>
      <th scope="row">{said}</th>
      <td>{words.hits(rule.hits)}</td>
      <td>
        <button
          type="button"
          class="button small"
          aria-label={words.removeOf(said)}
          onClick={remove}
        >
          {words.remove}
        </button>
      </td>
    </tr>
  );
}
