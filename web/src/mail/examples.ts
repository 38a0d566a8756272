/** Messages to try, made of who is there. */
import type { MailUserView, MailView } from '../../../src/internet/dashboard/api-mail.ts';

export type ExampleName = 'good' | 'bounce' | 'nullMx' | 'off' | 'several';

export interface Example {
  readonly name: ExampleName;
  readonly to: string;
  /** A host that is to be switched off first. */
  readonly off?: string;
}

/** The shop of the default internet takes no mail. */
const NO_MAIL = 'sam@shop.com';

export function examplesFor(
  { users, hosts }: Pick<MailView, 'users' | 'hosts'>,
  author: MailUserView,
): Example[] {
  const other = hosts.find(({ host, domains }) => host !== author.server && domains.length > 0);
  const domain = other?.domains[0];
  const friend =
    users.find(({ server }) => server !== author.server)?.address ??
    other?.accounts[0]?.addresses[0];
  const all = hosts.flatMap(({ accounts }) =>
    accounts.slice(0, 1).flatMap(({ addresses }) => addresses.slice(0, 1)),
  );
  const others = all.filter((address) => address !== author.address);
  return [
    ...(friend === undefined ? [] : [{ name: 'good', to: friend } as const]),
    ...(domain === undefined ? [] : [{ name: 'bounce', to: `nobody@${domain}` } as const]),
    { name: 'nullMx', to: NO_MAIL },
    ...(friend === undefined || !other
      ? []
      : [{ name: 'off', to: friend, off: hostOf(hosts, friend) ?? other.host } as const]),
    ...(others.length > 1 ? [{ name: 'several', to: others.join(', ') } as const] : []),
  ];
}

function hostOf(hosts: MailView['hosts'], address: string): string | undefined {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return hosts.find(({ domains }) => domains.includes(domain))?.host;
}

/** Hosts that are switched off, of those that take mail for the recipients. */
export function offHosts(hosts: MailView['hosts'], to: string): string[] {
  const names = to.split(',').flatMap((one) => hostOf(hosts, one.trim().replace(/>$/, '')) ?? []);
  const off = hosts.filter(({ host, running }) => !running && names.includes(host));
  return off.map(({ host }) => host);
}
