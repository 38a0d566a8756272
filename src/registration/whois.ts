/** What a registry answers on port 43: `Key: value` lines, as the registries of generic domains do. */
import { statusOf } from './machine/life.ts';
import { plain, superordinate } from './machine/names.ts';
import type { Registry } from './registry.ts';
import type { Domain } from './types.ts';
import { dateText } from './view.ts';

type Line = readonly [key: string, value: string | undefined];

/** The answer to one query: a name, or `domain`, `nameserver` or `registrar` and a name. */
export function whoisAnswer(registry: Registry, query: string): string {
  const [, word = '', rest = ''] =
    /^\s*(?:(domain|nameserver|registrar)\s+)?=?(.*)$/i.exec(query) ?? [];
  const name = plain(rest);
  const lines = linesOf(registry, word.toLowerCase(), name);
  const end = `>>> Last update of WHOIS database: ${dateText(registry.now)} <<<\n`;
  if (!lines) return `No match for "${shown(name)}".\n${end}`;
  const text = lines.map(([key, value]) => (value === undefined ? '' : `${key}: ${value}\n`));
  return text.join('') + end;
}

function linesOf(registry: Registry, word: string, name: string): readonly Line[] | undefined {
  if (word === 'registrar') return registrarLines(registry, name);
  const domain = word === 'nameserver' ? undefined : domainOf(registry, name);
  if (domain) return domainLines(registry, domain);
  const server = word === 'domain' ? undefined : registry.nameServer(name);
  if (!server) return undefined;
  return [
    ['Server Name', name.toUpperCase()],
    ...server.addresses.map((address): Line => ['IP Address', address]),
  ];
}

/** The domain asked for; for a name below one, that one. */
function domainOf(registry: Registry, name: string): Domain | undefined {
  if (registry.nameServer(name)) return registry.domain(name);
  return name.endsWith(`.${registry.zone}`)
    ? registry.domain(superordinate(name, registry.zone))
    : undefined;
}

function domainLines(registry: Registry, domain: Domain): Line[] {
  const { registrant, nameServers } = domain;
  const account = registry.account(domain.registrar);
  return [
    ['Domain Name', domain.name.toUpperCase()],
    ['Registry Domain ID', domain.handle],
    ['Registrar URL', account?.url],
    ['Updated Date', dateText(domain.updated)],
    ['Creation Date', dateText(domain.created)],
    ['Registry Expiry Date', dateText(domain.expires)],
    ['Registrar', account?.name ?? domain.registrar],
    ['Registrar ID', domain.registrar],
    ...statusOf(domain, registry.now, registry.periods).map(
      (status): Line => ['Domain Status', `${status} https://icann.org/epp#${status}`],
    ),
    ['Registrant Name', registrant.name],
    ['Registrant Organization', registrant.organisation],
    ['Registrant Email', registrant.email],
    ...nameServers.map(
      ({ name, addresses }): Line => ['Name Server', [name.toUpperCase(), ...addresses].join(' ')],
    ),
    ['DNSSEC', 'unsigned'],
  ];
}

function registrarLines(registry: Registry, name: string): Line[] | undefined {
  const account = registry.registrars.find(
    ({ id, name: title }) => id.toLowerCase() === name || title.toLowerCase() === name,
  );
  return (
    account && [
      ['Registrar', account.name],
      ['Registrar ID', account.id],
      ['Registrar URL', account.url],
    ]
  );
}

/** What came from outside, fit for a terminal. */
function shown(text: string): string {
  return text.toUpperCase().replace(/[^\x20-\x7e]/g, '?');
}

/** Whom a registry of one top-level domain is asked through. */
export interface Referral {
  /** `com` */
  readonly zone: string;
  readonly whois: string;
  readonly rdap: string;
}

/** What the directory of the root answers on port 43: which server knows more, as IANA's does. */
export function referralAnswer(referrals: readonly Referral[], query: string): string {
  const name = plain(query);
  const found = referrals.find(({ zone }) => name === zone || name.endsWith(`.${zone}`));
  if (!found) return `% No registry is known for "${shown(name)}".\n`;
  const { zone, whois, rdap } = found;
  return `domain: ${zone.toUpperCase()}\n\nwhois: ${whois}\nrdap: ${rdap}\n\nsource: the root\n`;
}
