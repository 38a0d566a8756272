/** The object classes of RDAP (RFC 9083 §5). */
import { restorableUntil, statusOf } from './machine/life.ts';
import { unicodeName } from './machine/names.ts';
import type { Registry } from './registry.ts';
import type { Contact, Domain, NameServer, RegistrarAccount, Status } from './types.ts';
import { dateText } from './view.ts';

export interface RdapPlace {
  readonly registry: Registry;
  /** The origin of its URLs: `http://rdap.nic.com`. */
  readonly base: string;
  readonly port43?: string;
}

/** RFC 8056 §2: the states of EPP in the words of RDAP. */
const STATUS: Readonly<Record<Status, string>> = {
  ok: 'active',
  inactive: 'inactive',
  pendingDelete: 'pending delete',
  serverHold: 'server hold',
  clientHold: 'client hold',
  clientDeleteProhibited: 'client delete prohibited',
  clientRenewProhibited: 'client renew prohibited',
  clientTransferProhibited: 'client transfer prohibited',
  clientUpdateProhibited: 'client update prohibited',
};

/** RFC 9083 §5.3. */
export function domainObject(place: RdapPlace, domain: Domain): object {
  const { registry, port43 } = place;
  const { name, handle } = domain;
  const status: string[] = statusOf(domain, registry.now, registry.periods).map(
    (one) => STATUS[one],
  );
  if (restorableUntil(domain, registry.now, registry.periods)) status.push('redemption period');
  const unicode = unicodeName(name);
  const registrar = entityOf(place, domain.registrar);
  return {
    objectClassName: 'domain',
    handle,
    ldhName: name,
    ...(unicode !== name && { unicodeName: unicode }),
    status,
    nameservers: domain.nameServers.map((server) => nameServerObject(place, server)),
    secureDNS: { delegationSigned: false },
    entities: [registrantObject(place, domain), ...(registrar ? [registrar] : [])],
    events: events(domain, registry.now),
    links: selfLink(place, `domain/${name}`),
    ...(port43 !== undefined && { port43 }),
  };
}

/** RFC 9083 §5.2. */
export function nameServerObject(place: RdapPlace, { name, addresses }: NameServer): object {
  const v4 = addresses.filter((address) => !address.includes(':'));
  const v6 = addresses.filter((address) => address.includes(':'));
  const known = { ...(v4.length > 0 && { v4 }), ...(v6.length > 0 && { v6 }) };
  return {
    objectClassName: 'nameserver',
    ldhName: name,
    ...(addresses.length > 0 && { ipAddresses: known }),
    links: selfLink(place, `nameserver/${name}`),
  };
}

/** A registrar by its id, or a registrant by the handle that the domain's object tells. */
export function entityOf(place: RdapPlace, handle: string): object | undefined {
  const { registry } = place;
  const account = registry.account(handle);
  if (account) return registrarObject(place, account);
  if (!/^C\d/.test(handle)) return undefined;
  const domain = registry.domainOf(handle.replace(/^C/, 'D'));
  return domain && registrantObject(place, domain);
}

function registrantHandle({ handle }: Domain): string {
  return handle.replace(/^D/, 'C');
}

function registrantObject(place: RdapPlace, domain: Domain): object {
  const handle = registrantHandle(domain);
  return entity(place, handle, domain.registrant, 'registrant');
}

function registrarObject(place: RdapPlace, { id, name, url }: RegistrarAccount): object {
  const object = entity(place, id, { name }, 'registrar', url);
  return { ...object, publicIds: [{ type: 'Registrar ID', identifier: id }] };
}

/** RFC 9083 §5.1, its vcardArray after RFC 7095 §3. */
function entity(
  place: RdapPlace,
  handle: string,
  { name, organisation, email }: Contact,
  role: string,
  url?: string,
): object {
  const kind = organisation === undefined && role === 'registrant' ? 'individual' : 'org';
  const properties = [
    ['version', {}, 'text', '4.0'],
    ['fn', {}, 'text', name],
    ['kind', {}, 'text', kind],
    ...(organisation === undefined ? [] : [['org', {}, 'text', organisation]]),
    ...(email === undefined ? [] : [['email', {}, 'text', email]]),
    ...(url === undefined ? [] : [['url', {}, 'uri', url]]),
  ];
  return {
    objectClassName: 'entity',
    handle,
    roles: [role],
    vcardArray: ['vcard', properties],
    links: selfLink(place, `entity/${encodeURIComponent(handle)}`),
  };
}

/** RFC 9083 §4.5 and §10.2.3; an expiry is an event to come. */
function events(domain: Domain, now: number): object[] {
  const at = (eventAction: string, time: number) => ({ eventAction, eventDate: dateText(time) });
  const { created, updated, expires, transferred } = domain;
  return [
    at('registration', created),
    ...(updated > created ? [at('last changed', updated)] : []),
    ...(transferred === undefined ? [] : [at('transfer', transferred)]),
    at('expiration', expires),
    at('last update of RDAP database', now),
  ];
}

/** RFC 9083 §4.2: value, rel and href must be there, and the type in links to ourselves (§5). */
function selfLink({ base }: RdapPlace, path: string): object[] {
  const href = `${base}/${path}`;
  return [{ value: href, rel: 'self', href, type: 'application/rdap+json' }];
}
