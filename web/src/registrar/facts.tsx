/** What the registry tells of a name. */
import type { ComponentChildren, JSX } from 'preact';
import type { Contact, DomainView } from '../../../src/registration/types.ts';
import { texts } from '../texts.ts';

const words = texts.names.register.facts;

export function Facts(props: {
  domain: DomainView;
  /** Stands below the name. */
  ways?: ComponentChildren;
  children?: ComponentChildren;
}): JSX.Element {
  const { name, registrant, registrar, status, created, expires, nameServers, addresses } =
    props.domain;
  const servers = nameServers.map((server) => [server.name, ...server.addresses].join(' '));
  return (
    <div>
      <h3>{name}</h3>
      {props.ways}
      <dl class="facts" aria-label={words.label(name)}>
        <Fact name={words.owner} values={[ownerText(registrant)]} />
        <Fact name={words.registrar} values={[registrar]} />
        <Fact name={words.status} values={[status.join(', ')]} />
        <Fact name={words.created} values={[dayOf(created)]} />
        <Fact name={words.expires} values={[dayOf(expires)]} />
        <Fact name={words.servers} values={servers.length > 0 ? servers : [words.noServers]} />
        {addresses && <Fact name={words.addresses} values={addresses} />}
        {props.children}
      </dl>
    </div>
  );
}

function Fact({ name, values }: { name: string; values: readonly string[] }): JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      {values.map((value) => (
        <dd key={value}>{value}</dd>
      ))}
    </>
  );
}

function ownerText({ name, organisation, email }: Contact): string {
  return [name, organisation, email].filter((part) => part !== undefined).join(', ');
}

export function dayOf(date: string): string {
  return date.slice(0, 10);
}
