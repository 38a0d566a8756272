/** Acting as the user at a host: of the running internet, or of one started for this command alone. */
import { stubLookup } from '../dns/index.ts';
import { HttpClient } from '../http/index.ts';
import { type HostsFileView, hostsFirst, type InternetView } from '../internet/index.ts';
import { type Announcement, runningInternets } from '../internet/real/registry.ts';
import type { Endpoint } from '../lib/endpoint.ts';
import { UsageError } from '../lib/errors.ts';
import type { Host, Lookup } from '../net/index.ts';
import { realHost } from '../net/real/index.ts';
import { type LadderOptions, ladder } from '../trace/index.ts';
import { bringUp } from './bring-up.ts';
import { readScenario } from './scenario-file.ts';
import { planOf } from './terminal.ts';
import type { CliTools } from './tools.ts';

export interface Seat {
  readonly host: Host;
  readonly lookup: Lookup;
  /** The resolver that the user asks. */
  readonly resolver: Endpoint | undefined;
  /** The proxy that the user asks for pages. */
  readonly proxy: Endpoint | undefined;
  /** What was said in the internet since the seat was taken, as text. */
  ladder(options: LadderOptions): Promise<string>;
  leave(): Promise<void>;
}

/** The first user's seat unless a host is named. Throws UsageError that names the hosts there are. */
export async function takeSeat(tools: CliTools, name?: string): Promise<Seat> {
  const [running] = runningInternets();
  if (running) return seatIn(running, name);
  tools.note(
    'no internet is running: the default one is started for this command ("toplayer up" keeps one)',
  );
  const internet = await bringUp(await readScenario('default'));
  const first = internet.hosts().find(({ plan }) => plan.services === undefined);
  const { host, lookup } = internet.user(name ?? first?.name ?? '');
  return {
    host,
    lookup,
    resolver: internet.resolverEndpoint(internet.host(host.name).plan.resolver),
    proxy: internet.proxyOf(host.name),
    ladder: async (options) => ladder(internet.recorder.messages(), options),
    leave: () => internet.close(),
  };
}

async function seatIn(internet: Announcement, name?: string): Promise<Seat> {
  const place = internet.hosts.find((one) => (name === undefined ? one.user : one.name === name));
  if (!place) {
    const names = internet.hosts.map((one) => one.name).join(', ');
    throw new UsageError(`there is no host ${name ?? 'without services'}; there are ${names}`);
  }
  const host = realHost({ name: place.name, address: place.address, ports: planOf(internet) });
  const control = realHost({ name: 'command line' });
  const client = new HttpClient(control, { lookup: async (address) => [address] });
  const ask = async (path: string) => {
    const response = await client.request({ url: `${internet.dashboard}api/${path}` });
    return response.body.text();
  };
  const { newest } = JSON.parse(await ask('internet')) as InternetView;
  const own = JSON.parse(await ask(`hosts/${place.name}/hosts-file`)) as HostsFileView;
  return {
    host,
    resolver: internet.resolver,
    proxy: place.proxy,
    lookup: hostsFirst(
      async () => own.text,
      internet.resolver ? stubLookup(host, internet.resolver) : async (address) => [address],
    ),
    ladder: ({ colour, notes, fields, bytes, width = 100 }) => {
      const flags = Object.entries({ colour, notes, fields, bytes }).filter(([, on]) => on);
      return ask(
        `ladder?${[`after=${newest}`, `width=${width}`, ...flags.map(([flag]) => flag)].join('&')}`,
      );
    },
    async leave() {
      client.close();
      await Promise.all([host.close(), control.close()]);
    },
  };
}
