import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import {
  commands,
  type DashboardOptions,
  type Internet,
  internetView,
  serveDashboard,
} from '../../internet/index.ts';
import { type Announcement, announce } from '../../internet/real/registry.ts';
import { comparePageModes } from '../../labs/index.ts';
import { endpointText } from '../../lib/endpoint.ts';
import { NetworkError, UsageError } from '../../lib/errors.ts';
import type { Server } from '../../net/index.ts';
import { realFiles, realHost } from '../../net/real/index.ts';
import { sqliteStores } from '../../storage/index.ts';
import { bringUp } from '../bring-up.ts';
import { port } from '../options.ts';
import { readScenario } from '../scenario-file.ts';
import type { CliTools } from '../tools.ts';
import { untilStopped } from '../until-stopped.ts';
import { PACKAGE_ROOT, PAGES, VERSION } from '../version.ts';

/** Where the dashboard is looked for first; the next free one is taken when nobody asked for a number. */
const DASHBOARD_PORT = 7070;
const DASHBOARD_TRIES = 100;

const DASHBOARD: DashboardOptions = {
  version: VERSION,
  experiments: { comparePages: (request) => comparePageModes({ ...request, seed: '1' }) },
};

interface UpFlags {
  readonly json?: true;
  readonly dashboardPort?: number;
  readonly network?: string;
  readonly highPorts?: true;
  readonly seed?: string;
  readonly data?: string;
}

export function registerUp(program: Command, tools: CliTools): void {
  program
    .command('up')
    .description('start an internet on the loopback, with its dashboard')
    .argument('[scenario]', 'a scenario file', 'default')
    .option('--json', 'one line of JSON when all is ready, and nothing else')
    .option(
      '--dashboard-port <n>',
      `the dashboard's port (default: ${DASHBOARD_PORT}, or the next free one)`,
      port,
    )
    .option(
      '--network <127.N.0.0/16>',
      'the network to take (default: what the scenario says, or a free one)',
      network,
    )
    .option('--high-ports', 'ports above 1023, as an ordinary user gets them')
    .option('--seed <text>', 'decides the luck of all hosts: lost pings, ids, choices of servers')
    .option('--data <folder>', 'keep what is registered there (default: in memory, until it stops)')
    .addHelpText(
      'after',
      `
Every host has an address of its own in 127.N.0.0/16. Well-known ports are used where the system
allows it, else high ones; it says which, and why. Several internets run side by side.
Ctrl-C stops everything.

Examples:
  toplayer up
  toplayer up my-internet.yaml --dashboard-port 8080
  toplayer up --json`,
    )
    .action((scenario: string, flags: UpFlags) => runUp(tools, scenario, flags));
}

function network(text: string): string {
  const match = /^(127\.\d{1,3})\.0\.0\/16$/.exec(text);
  if (match?.[1]) return match[1];
  throw new InvalidArgumentError('expected a network such as 127.30.0.0/16.');
}

async function runUp(tools: CliTools, name: string, flags: UpFlags): Promise<void> {
  const internet = await bringUp(await readScenario(name), {
    ...(flags.network !== undefined && { prefix: flags.network }),
    ...(flags.highPorts && { highPorts: true }),
    ...(flags.seed !== undefined && { seed: flags.seed }),
    ...(flags.data !== undefined && { stores: sqliteStores(flags.data) }),
    pages: realFiles(PAGES),
    onTaken: (why) => tools.note(why),
  });
  const dashboard = await openDashboard(internet, flags.dashboardPort).catch(
    async (error: unknown) => {
      await internet.close();
      throw error;
    },
  );
  const url = `http://${endpointText(dashboard.local)}/`;
  const withdraw = announce(announcement(internet, url));
  tools.out(flags.json ? readyLine(internet, url) : welcome(internet, url));
  await untilStopped(tools);
  withdraw();
  if (!flags.json) tools.out('\nstopping\n');
  await dashboard.close({ graceMs: 200 });
  await internet.close();
}

async function openDashboard(internet: Internet, wanted: number | undefined): Promise<Server> {
  if (!existsSync(join(PAGES, 'index.html'))) {
    throw new UsageError(
      `the dashboard's pages are not built: run "npm run prepare" in ${PACKAGE_ROOT}`,
    );
  }
  const host = realHost({ name: 'dashboard', files: realFiles(PAGES) });
  for (let port = wanted ?? DASHBOARD_PORT, left = DASHBOARD_TRIES; ; port++, left--) {
    try {
      return await serveDashboard(host, internet, port, DASHBOARD);
    } catch (error) {
      const taken = error instanceof NetworkError && error.kind === 'in-use';
      if (!taken || wanted !== undefined || left <= 1) throw error;
    }
  }
}

function announcement(internet: Internet, dashboard: string): Announcement {
  const { hosts, title, network: range } = internetView(internet);
  const places = hosts.flatMap(({ address, services, name }) =>
    services.map(({ name: service, port, realAddress, realPort }) => ({
      host: name,
      service,
      virtual: { address, port },
      real: { address: realAddress, port: realPort },
    })),
  );
  const resolver = internet.resolverEndpoint();
  return {
    pid: process.pid,
    title,
    network: range,
    dashboard,
    started: Date.now(),
    hosts: hosts.map(({ name, address, role }) => {
      const proxy = internet.proxyOf(name);
      return { name, address, user: role === 'user', ...(proxy && { proxy }) };
    }),
    ...(resolver && { resolver }),
    roots: places
      .filter(({ host }) => internet.scenario.hosts[host]?.services?.dns?.zones.includes('.'))
      .map(({ host, virtual }) => ({ name: host, endpoint: virtual })),
    carried: places
      .filter(({ virtual, real }) => endpointText(virtual) !== endpointText(real))
      .map(({ virtual, real }) => ({ virtual, real })),
  };
}

function readyLine(internet: Internet, dashboard: string): string {
  const hosts = internetView(internet).hosts.map(({ name, address, services }) => ({
    name,
    address: services[0]?.realAddress ?? address,
    services: services.map((service) => ({ name: service.name, port: service.realPort })),
  }));
  return `${JSON.stringify({ ready: true, dashboard, hosts })}\n`;
}

function welcome(internet: Internet, dashboard: string): string {
  const view = internetView(internet);
  const tries = commands(internet, view.hosts).map(
    ({ command, about }) => `  ${command.padEnd(62)} ${about}\n`,
  );
  return [
    `${view.title}: ${view.hosts.length} hosts in ${view.network}\n`,
    `${view.portsNote}\n\n`,
    `Dashboard: ${dashboard}\n\n`,
    'Try, in another terminal:\n',
    ...tries,
    '\nCtrl-C stops everything.\n',
  ].join('');
}
