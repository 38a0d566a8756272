/** The internet as the dashboard is told of it. */
import type { Internet, InternetHost } from '../internet.ts';
import { SERVICE_PORTS } from '../internet.ts';
import type { MailPlan, Services } from '../scenario/types.ts';
import type { CommandView, HostView, InternetView, ServiceView } from './api.ts';

export function internetView(internet: Internet): InternetView {
  const { scenario, ground } = internet;
  const hosts = internet.hosts().map((host) => hostView(internet, host));
  return {
    title: scenario.title,
    about: (scenario.about ?? '').trim(),
    kind: ground.kind,
    network: scenario.network,
    portsNote: ground.portsNote,
    epoch: ground.clock.epoch,
    now: ground.clock.now(),
    newest: internet.recorder.newest,
    places: Object.entries(scenario.places).map(([id, place]) => ({
      id,
      title: place.title,
      column: place.at[0],
      row: place.at[1],
      latency: place.latency ?? 0,
    })),
    hosts,
    pages: sites(internet).map((site) => `http://${site}/`),
    commands: commands(internet, hosts),
  };
}

export function hostView(internet: Internet, { name, plan, running }: InternetHost): HostView {
  const services = Object.keys(plan.services ?? {}) as (keyof Services)[];
  return {
    name,
    title: plan.title ?? name,
    place: plan.place,
    address: plan.address,
    role: roleOf(services[0]),
    running,
    services: services.map((service) =>
      serviceView(internet, plan.address, service, plan.services?.[service]?.port),
    ),
  };
}

const ROLES: Readonly<Record<keyof Services, HostView['role']>> = {
  dns: 'dns',
  resolver: 'resolver',
  http: 'http',
  https: 'http',
  proxy: 'proxy',
  ping: 'ping',
  telnet: 'telnet',
  registry: 'dns',
  whois: 'dns',
  bootstrap: 'http',
  registrar: 'http',
  mail: 'mail',
  submission: 'mail',
  submissions: 'mail',
  pop3: 'mail',
  pop3s: 'mail',
  imap: 'mail',
  imaps: 'mail',
  webmail: 'mail',
};

/** What the map draws a host as, by its first service. */
function roleOf(service: keyof Services | undefined): HostView['role'] {
  if (service === undefined) return 'user';
  return ROLES[service];
}

function serviceView(
  internet: Internet,
  address: string,
  name: keyof Services,
  chosen: number | undefined,
): ServiceView {
  const { port: usual, transports } = SERVICE_PORTS[name];
  const port = chosen ?? usual;
  const carrier = internet.ground.carrier({ address, port }, transports[0] ?? 'tcp');
  return { name, port, realAddress: carrier.address, realPort: carrier.port };
}

/** The names of all web sites, in the order of the scenario. */
function sites(internet: Internet): string[] {
  return Object.values(internet.scenario.hosts).flatMap((host) =>
    Object.keys({ ...host.services?.http?.sites, ...host.services?.registrar?.sites }),
  );
}

function accountsOf(internet: Internet, host: string): MailPlan['accounts'] {
  return internet.host(host).plan.services?.mail?.accounts ?? {};
}

/** Some commands for this internet on this machine: real programs first. */
export function commands(internet: Internet, hosts: readonly HostView[]): CommandView[] {
  const find = (service: string) => {
    const host = hosts.find((candidate) => candidate.services.some(({ name }) => name === service));
    const found = host?.services.find(({ name }) => name === service);
    return host && found ? { host, ...found } : undefined;
  };
  const [site] = sites(internet);
  const [resolver, web, ping] = [find('resolver'), find('http'), find('ping')];
  const proxy = find('proxy');
  const [mail, pop3] = [find('mail'), find('pop3')];
  const [account] = Object.entries(pop3?.host ? accountsOf(internet, pop3.host.name) : {}).map(
    ([name, { password }]) => `${name}:${password}`,
  );
  const user = hosts.find(({ role }) => role === 'user');
  const dnsPort = resolver && resolver.realPort !== 53 ? ` -p ${resolver.realPort}` : '';
  const webPort = web && web.realPort !== 80 ? `:${web.realPort}` : '';
  return [
    ...(resolver && site
      ? [
          {
            command: `dig @${resolver.realAddress}${dnsPort} ${site}`,
            about: 'a name, resolved from the root',
          },
        ]
      : []),
    ...(web && site
      ? [
          {
            command: `curl -i -H 'Host: ${site}' http://${web.realAddress}${webPort}/`,
            about: 'a page by address',
          },
          {
            command: `telnet ${web.realAddress} ${web.realPort}`,
            about: `then type: GET / HTTP/1.1, Host: ${site}, and an empty line`,
          },
        ]
      : []),
    ...(proxy && site
      ? [
          {
            command: `curl -I -x ${proxy.realAddress}:${proxy.realPort} http://${site}/`,
            about: 'any site by its name, through a proxy: Cache-Status says what it did',
          },
        ]
      : []),
    ...(user && site
      ? [
          {
            command: `toplayer get http://${site}/ --from ${user.name} --trace`,
            about: 'every message of a page load',
          },
        ]
      : []),
    ...(mail
      ? [
          {
            command: `telnet ${mail.realAddress} ${mail.realPort}`,
            about: 'then type: HELO me, MAIL FROM:<me@campus.edu>, RCPT TO:<...>, DATA',
          },
        ]
      : []),
    ...(pop3 && account
      ? [
          {
            command: `curl -u ${account} pop3://${pop3.realAddress}:${pop3.realPort}/1`,
            about: 'the first message of a mailbox',
          },
        ]
      : []),
    ...(ping
      ? [
          {
            command: `toplayer ping ${ping.realAddress}:${ping.realPort}`,
            about: 'ten UDP messages, some lost',
          },
        ]
      : []),
  ];
}
