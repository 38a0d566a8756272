/** Fields that several of the registrar's forms have. */
import type { ComponentChildren, JSX, TargetedSubmitEvent } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { DomainView } from '../../../src/registration/types.ts';
import { internet } from '../state/store.ts';
import { texts } from '../texts.ts';
import { type Answering, answeringOf, type Fields, serverLines } from './commands.ts';
import { busy, registrar } from './state.ts';

const words = texts.names.register.form;

export function Form(props: {
  title: string;
  submit: string;
  /** How its fields stand: in a column, in two, or in a line. */
  shape?: 'line' | 'wide';
  onFields: (fields: Fields) => void;
  children?: ComponentChildren;
}): JSX.Element {
  const id = useId();
  const onSubmit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const pairs = [...new FormData(event.currentTarget)].map(([name, value]) => [
      name,
      typeof value === 'string' ? value.trim() : '',
    ]);
    props.onFields(Object.fromEntries(pairs) as Fields);
  };
  return (
    <form class={props.shape} aria-labelledby={id} onSubmit={onSubmit}>
      <h3 id={id}>{props.title}</h3>
      {props.children}
      <button type="submit" class="button main" aria-disabled={busy.value}>
        {props.submit}
      </button>
    </form>
  );
}

export function OwnerFields({ domain }: { domain?: DomainView | undefined }): JSX.Element {
  const { name = '', organisation = '', email = '' } = domain?.registrant ?? {};
  return (
    <>
      <Field name="owner" label={words.owner} value={name} required />
      <Field
        name="organisation"
        label={words.organisation}
        hint={words.optional}
        value={organisation}
      />
      <Field name="email" label={words.email} hint={words.public} value={email} />
    </>
  );
}

export function Field(props: {
  name: string;
  label: string;
  hint?: string;
  value?: string;
  required?: boolean;
  list?: string;
}): JSX.Element {
  return (
    <label>
      <span>
        {props.label} {props.hint !== undefined && <small>{props.hint}</small>}
      </span>
      <input
        name={props.name}
        defaultValue={props.value ?? ''}
        required={props.required ?? false}
        maxLength={255}
        spellcheck={false}
        autocomplete="off"
        list={props.list}
      />
    </label>
  );
}

/** A zone at the registrar, where it serves some, or name servers of one's own. */
export function AnsweringFields(props: {
  name: string;
  domain?: DomainView | undefined;
}): JSX.Element {
  const { domain, name } = props;
  const server = registrar.value?.nameServer;
  const first = domain ? answeringOf(domain) : 'registrar';
  const [chosen, choose] = useState<Answering>(server === undefined ? 'own' : first);
  return (
    <fieldset>
      <legend>{words.answering}</legend>
      {server !== undefined && (
        <>
          <Radio value="registrar" label={words.here(server)} chosen={chosen} onChoice={choose} />
          {chosen === 'registrar' && <Addresses domain={domain} />}
        </>
      )}
      <Radio value="own" label={words.own} chosen={chosen} onChoice={choose} />
      {chosen === 'own' && <Servers name={name} domain={domain} />}
    </fieldset>
  );
}

function Radio(props: {
  value: Answering;
  label: string;
  chosen: Answering;
  onChoice: (value: Answering) => void;
}): JSX.Element {
  return (
    <label class="inline">
      <input
        type="radio"
        name="answering"
        value={props.value}
        checked={props.chosen === props.value}
        onChange={() => props.onChoice(props.value)}
      />
      {props.label}
    </label>
  );
}

/** The web servers of this internet are offered. */
function Addresses({ domain }: { domain: DomainView | undefined }): JSX.Element {
  const id = useId();
  const servers = internet.value?.hosts.filter(({ role }) => role === 'http') ?? [];
  const present = domain?.addresses?.join(' ');
  return (
    <>
      <Field
        name="addresses"
        label={words.addresses}
        hint={words.addressesHint}
        value={present ?? servers[0]?.address ?? ''}
        list={id}
        required
      />
      <datalist id={id}>
        {servers.map(({ address, title }) => (
          <option key={address} value={address} label={title} />
        ))}
      </datalist>
    </>
  );
}

function Servers(props: { name: string; domain: DomainView | undefined }): JSX.Element {
  return (
    <label>
      <span>
        {words.servers} <small>{words.serversHint}</small>
      </span>
      <textarea
        name="servers"
        rows={3}
        spellcheck={false}
        autocapitalize="off"
        placeholder={words.serversExample(props.name)}
        defaultValue={props.domain ? serverLines(props.domain) : ''}
      />
    </label>
  );
}
