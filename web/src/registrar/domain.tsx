/** One name: what is known of it, and what its customer can do with it. */
import type { JSX } from 'preact';
import type { DomainView } from '../../../src/registration/types.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { chooseZone } from '../state/actions.ts';
import { resolveName, zones } from '../state/names.ts';
import { texts } from '../texts.ts';
import { Facts } from './facts.tsx';
import { AnsweringFields, Field, Form, OwnerFields } from './fields.tsx';
import { customer, giveUp, register, renew, restore, saveChange, transfer } from './state.ts';

const words = texts.names.register;

/** What all registries of the course sell. */
const MOST_YEARS = 10;

export function Free({ name }: { name: string }): JSX.Element {
  return (
    <div class="sheets">
      <Form
        title={words.form.register(name)}
        submit={words.form.submit}
        shape="wide"
        onFields={(fields) => register(name, fields)}
      >
        <div>
          <OwnerFields />
        </div>
        <div>
          <AnsweringFields name={name} />
          <Years />
        </div>
      </Form>
    </div>
  );
}

export function Taken(props: { name: string; domain: DomainView | undefined }): JSX.Element | null {
  const { name, domain } = props;
  if (!domain) return null;
  return (
    <div class="sheets">
      <Facts domain={domain} />
      <Form
        title={words.act.transfer}
        submit={words.act.transferGo}
        shape="line"
        onFields={({ code = '' }) => transfer(name, code)}
      >
        <Field name="code" label={words.form.code} hint={words.form.codeHint} required />
      </Form>
    </div>
  );
}

export function Own({ domain }: { domain: DomainView }): JSX.Element {
  const isDeleted = domain.status.includes('pendingDelete');
  return (
    <div class="sheets">
      <div>
        <Facts domain={domain} ways={<Ways name={domain.name} />}>
          <Code domain={domain} />
        </Facts>
        {isDeleted ? <Restore domain={domain} /> : <RenewAndDelete domain={domain} />}
      </div>
      {!isDeleted && <Change domain={domain} />}
    </div>
  );
}

function Code({ domain: { code } }: { domain: DomainView }): JSX.Element | null {
  if (code === undefined) return null;
  return (
    <>
      <dt>{words.facts.code}</dt>
      <dd>
        <code>{code}</code> <CopyButton text={code} label={words.facts.copyCode} />
      </dd>
    </>
  );
}

function Change({ domain }: { domain: DomainView }): JSX.Element {
  const { name } = domain;
  return (
    <Form
      title={words.act.change}
      submit={words.form.save}
      onFields={(fields) => saveChange(name, fields)}
    >
      <OwnerFields domain={domain} />
      <AnsweringFields name={name} domain={domain} />
    </Form>
  );
}

function RenewAndDelete({ domain }: { domain: DomainView }): JSX.Element {
  return (
    <>
      <Form
        title={words.act.renew}
        submit={words.act.renew}
        shape="line"
        onFields={({ years = '1' }) => renew(domain, Number(years))}
      >
        <Years />
      </Form>
      <Form
        title={words.act.delete}
        submit={words.act.delete}
        shape="line"
        onFields={() => giveUp(domain.name)}
      >
        <label class="inline">
          <input type="checkbox" name="sure" required />
          {words.form.sure}
        </label>
      </Form>
    </>
  );
}

function Restore({ domain }: { domain: DomainView }): JSX.Element | null {
  if (domain.restorableUntil === undefined) return null;
  return (
    <Form
      title={words.act.restore}
      submit={words.act.restore}
      shape="line"
      onFields={() => restore(domain.name)}
    />
  );
}

/** From the name to its walk and to its zone. */
function Ways({ name }: { name: string }): JSX.Element {
  const www = `www.${name}`;
  const origin = `${name}.`;
  const isServed = zones.value?.some((zone) => zone.origin === origin) ?? false;
  return (
    <div class="ways">
      <button type="button" class="button" onClick={() => resolveName(customer.value, www)}>
        {words.act.resolve(www)}
      </button>
      {isServed && (
        <button type="button" class="button" onClick={() => chooseZone(origin)}>
          {words.act.zone}
        </button>
      )}
    </div>
  );
}

function Years(): JSX.Element {
  return (
    <label class="years">
      <span>{words.form.years}</span>
      <input name="years" type="number" min={1} max={MOST_YEARS} defaultValue="1" required />
    </label>
  );
}
